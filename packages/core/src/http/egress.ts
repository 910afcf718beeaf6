import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { IPv4, IPv6 } from 'ipaddr.js';
import { EgressError, NetworkError } from '../errors.ts';

/** Keeps requests away from everything that is not the public internet. */
export interface EgressGuard {
  /** Throws `EgressError` for a host that is itself a forbidden address, or a name of this machine. */
  check(host: string): void;
  /**
   * Resolves a name for `net.connect`, and fails with `EgressError` when any of its addresses is forbidden. What is
   * checked here is what gets connected to, so a name that changes its address afterwards gains nothing.
   */
  readonly lookup: LookupFunction;
}

/**
 * Whether only public addresses may be connected to: the option, else `HEADWATER_EGRESS`. The option cannot open what the
 * environment closes.
 */
export const isEgressGuarded = (option: 'public' | undefined): boolean => {
  const { HEADWATER_EGRESS: setting = '' } = process.env;
  if (setting !== '' && setting !== 'public' && setting !== 'any') {
    throw new NetworkError(`HEADWATER_EGRESS: unknown value "${setting}". Known: public, any.`, 'config_error');
  }
  return option === 'public' || setting === 'public';
};

export const openEgressGuard = async (): Promise<EgressGuard> => {
  const { default: ipaddr } = await import('ipaddr.js');

  /** Why an address is forbidden, in one word; undefined when it is public. */
  const flawOf = (address: string): string | undefined => {
    const ip = ipaddr.parse(address);
    const range = ip.range();
    if (ip.kind() === 'ipv4') return range === 'unicast' ? undefined : range;
    const { parts } = ip as IPv6;
    // NAT64 (RFC 6052): what counts is the IPv4 address inside. Local-use prefixes may lead anywhere.
    if (range === 'rfc6052' && parts.slice(2, 6).every((part) => part === 0)) return flawOf(embeddedIn(ip as IPv6));
    if (range !== 'unicast') return range;
    const isGlobal = parts[0]! >= 0x2000 && parts[0]! < 0x4000;
    return isGlobal ? undefined : 'reserved';
  };

  const embeddedIn = (ip: IPv6): string => {
    const address: IPv4 = new ipaddr.IPv4(ip.toByteArray().slice(12));
    return address.toString();
  };

  const check = (host: string): void => {
    const bare = host.replace(/^\[|\]$/g, '');
    const flaw = isIP(bare) ? flawOf(bare) : /^(.*\.)?localhost\.?$/i.test(bare) ? 'loopback' : undefined;
    if (flaw !== undefined) throw refusal(`${bare} is a ${flaw} address`);
  };

  const lookup: LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      for (const { address } of addresses) {
        const flaw = flawOf(address);
        if (flaw !== undefined) return callback(refusal(`${host} has the ${flaw} address ${address}`), []);
      }
      if (options.all) return callback(null, addresses);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

  return { check, lookup };
};

const refusal = (what: string): EgressError =>
  new EgressError(
    `${what}, and only public addresses may be connected to (HEADWATER_EGRESS=public). Correct the URL in the config.`,
  );
