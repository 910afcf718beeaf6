import { isJsonObject } from '../protocol/json.ts';
import type { Layout } from './record-code.ts';
import type { Field, Shape } from './shape.ts';

/** What a record that did not fit teaches about how records are written; the same layout if that is nothing. */
export const learnLayout = (layout: Layout, text: string): Layout => {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return layout;
  }
  if (!isJsonObject(record)) return layout;
  const fields = orderOf(layout.fields, record);
  const isSpaced = layout.isSpaced || /\s/.test(text.replaceAll(STRINGS, ''));
  return fields === layout.fields && isSpaced === layout.isSpaced ? layout : { fields, isSpaced };
};

const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** The fields in the order of the record's; those it does not have keep their places. */
const orderOf = (fields: readonly Field[], record: object): readonly Field[] => {
  let order = fields;
  let last = -1;
  for (const [name, value] of Object.entries(record)) {
    const index = order.findIndex((field) => field.name === name);
    const field = order[index];
    if (field === undefined) continue;
    const shape = shapeOf(field.shape, value);
    const place = Math.max(index, last);
    if (index !== place || shape !== field.shape) {
      order = order.filter((other) => other !== field);
      order = [...order.slice(0, place), { ...field, shape }, ...order.slice(place)];
    }
    last = place;
  }
  return order;
};

const shapeOf = (shape: Shape, value: unknown): Shape => {
  if (Array.isArray(value)) {
    const items = shape.items && value.reduce<Shape>(shapeOf, shape.items);
    return items === shape.items || items === undefined ? shape : { ...shape, items };
  }
  if (shape.fields === undefined || !isJsonObject(value)) return shape;
  const fields = orderOf(shape.fields, value);
  return fields === shape.fields ? shape : { ...shape, fields };
};
