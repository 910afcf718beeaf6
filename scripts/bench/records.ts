import type { Customer } from './connector/customer.ts';

const NAMES = ['Anna Petersen', 'Marek Kowalski', 'Joana Prado', 'Samuel Okafor', 'Li Wen', 'Greta Lindholm'];
const NON_ASCII_NAMES = ['Zoë Müller', 'Łukasz Wójcik', 'José Núñez', 'Søren Kjær', '佐藤 花子'];
const CITIES = ['Leipzig', 'Porto', 'Nairobi', 'Toronto', 'Osaka', 'Valdivia', 'Galway', 'Tartu'];
const COUNTRIES = ['DE', 'PT', 'KE', 'CA', 'JP', 'CL', 'IE', 'EE'];
const TAGS = ['vip', 'trial', 'newsletter', 'partner', 'eu', 'invoice'];
const FIRST_MOMENT = Date.UTC(2024, 0, 1);

/** The customer at a place of the list: always the same for the same index, about 350 bytes as JSON. */
export const customer = (index: number): Customer => {
  const dice = mix(index);
  const created = FIRST_MOMENT + (dice % 31_536_000) * 1000 + (index % 1000);
  return {
    id: `cus_${dice.toString(36).padStart(7, '0')}`,
    number: 100_000 + index,
    name: index % 7 === 3 ? pick(NON_ASCII_NAMES, dice) : pick(NAMES, dice),
    email: `u${index}@example.com`,
    phone: dice % 5 === 0 ? null : `+49 ${String(dice % 10_000_000).padStart(7, '0')}`,
    balance: (dice % 1_000_000) / 100,
    delinquent: dice % 11 === 0,
    description: `Call "${dice % 24}h"\nC:\\old`,
    address: {
      line1: `${1 + (dice % 240)} Mill Rd`,
      city: pick(CITIES, dice),
      country: pick(COUNTRIES, dice),
    },
    tags: [pick(TAGS, dice), pick(TAGS, dice >>> 8)],
    created_at: new Date(created).toISOString(),
    updated_at: new Date(created + (dice % 864_000) * 1000).toISOString(),
  };
};

/** Spreads neighbouring numbers over 32 bits, so that values look random and stay the same from run to run. */
const mix = (index: number): number => {
  let hash = Math.imul(index + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
};

const pick = (list: readonly string[], dice: number): string => list[dice % list.length] ?? '';
