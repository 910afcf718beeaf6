import { plainText } from '../generate/text.ts';
import { interruption, orStop } from '../new/interruption.ts';
import { grid } from '../read/grid.ts';
import { plural } from '../read/units.ts';
import { addStreamsTo } from './add-streams.ts';
import type { Origin } from './find-plan.ts';
import { listStreams, type Offer } from './list-streams.ts';
import { nothingRecorded, recordAdded, type Recorded } from './record-added.ts';
import { addedDocument, addedText } from './report.ts';

export interface AddRequest {
  readonly directory: string;
  /** None: all that samples have. */
  readonly names: readonly string[];
  readonly origin: Origin;
  /** Whether cassettes are to be made of the examples. */
  readonly isRecording: boolean;
  readonly json: boolean;
}

/** Adds streams and says what was done: to people on stderr, and with `json` on stdout too. */
export const runAdd = async ({ directory, names, origin, isRecording, json }: AddRequest): Promise<void> => {
  const added = await addStreamsTo(directory, origin, names);
  const recorded = isRecording ? await record(added) : nothingRecorded(added, 'they were not asked for');
  process.stderr.write(`${addedText(added, recorded)}\n`);
  if (json) process.stdout.write(`${JSON.stringify(addedDocument(added, recorded), undefined, 2)}\n`);
};

/** The streams stand when this is stopped. */
const record = async (added: Parameters<typeof recordAdded>[0]): Promise<Recorded> => {
  using stop = interruption();
  try {
    return await orStop(recordAdded(added, stop.signal), stop.signal);
  } catch (error) {
    if (stop.exitCode === undefined) throw error;
    process.exitCode = stop.exitCode;
    return nothingRecorded(added, 'the recording was stopped');
  }
};

export interface ListRequest {
  readonly openapi: string;
  readonly directory: string;
  readonly json: boolean;
}

/** Lists what a description has: to people on stderr, or with `json` on stdout. */
export const runList = async ({ openapi, directory, json }: ListRequest): Promise<void> => {
  const streams = await listStreams(openapi, directory);
  if (json) process.stdout.write(`${JSON.stringify({ streams }, undefined, 2)}\n`);
  else process.stderr.write(`${listText(streams)}\n`);
};

const listText = (streams: readonly Offer[]): string => {
  const rows = streams.map(({ name, path, present, taken, because }) => [
    name,
    plainText(path, 80),
    present ? 'in the connector' : taken ? 'yes' : 'no',
    present ? '' : plainText(because, 100),
  ]);
  const count = streams.filter(({ present }) => present).length;
  const columns = [{ title: 'stream' }, { title: 'path' }, { title: 'taken by default' }, { title: 'because' }];
  return `${grid(columns, rows)}\n\n${plural(streams.length, 'stream')}, ${count} of them in the connector.`;
};
