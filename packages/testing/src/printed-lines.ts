import type { AirbyteMessage } from '@headwater/core';

import { lineSplitter } from './line-splitter.ts';

/** What a connector prints, sorted line by line as it comes. */
export interface PrintedLines {
  readonly messages: readonly AirbyteMessage[];
  readonly notJson: readonly string[];
  write(piece: string): void;
  end(): void;
}

/** @param onMessage called with every message when its line is whole */
export const printedLines = (onMessage: (message: AirbyteMessage) => void): PrintedLines => {
  const messages: AirbyteMessage[] = [];
  const notJson: string[] = [];
  const lines = lineSplitter((line) => {
    const message = messageOf(line);
    if (message === undefined) {
      notJson.push(line);
      return;
    }
    messages.push(message);
    onMessage(message);
  });
  return { ...lines, messages, notJson };
};

const messageOf = (line: string): AirbyteMessage | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Any object will do: whether its members are those of the protocol is for the test to say. */
const isMessage = (value: unknown): value is AirbyteMessage =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
