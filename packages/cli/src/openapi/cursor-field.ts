import type { Description } from './description.ts';
import { flatten, type FlatSchema } from './flat-schema.ts';
import type { Param } from './operations.ts';
import { plain } from '../plan/words.ts';

export interface CursorFound {
  readonly cursorField?: string;
  readonly sinceParam?: string;
  readonly because: string;
}

const CHANGED =
  'updatedat lastupdatedat updatedon updated updatedtime updatetime lastupdated lastupdate modifiedat modified modifiedon lastmodified lastmodifiedat lastmodifieddate lastmodifiedtime modifiedtime modifieddate datemodified dateupdated updateddate updatedate changedat lastchanged lastedited editedat lasteditedtime updatedatutc'.split(
    ' ',
  );
const CREATED =
  'createdat created createdon createdtime createtime datecreated createddate createdate creationtime creationdate insertedat addedat date timestamp time occurredat eventtime ts submittedat startedat'.split(
    ' ',
  );

const SINCE_CHANGED =
  /^(since|changedsince|(last)?(updated?|modified|changed)(at|on|date|time)?(since|after|from|gte?|min|start|ge)|min(updated|modified)(at|date)?|filterupdated(at)?(since|after|from|gte?|min)|lastmodified|ifmodifiedsince|modifiedsince|since(date|time)|updatesince)$/;
const SINCE_CREATED =
  /^(created?(at|on|date|time)?(since|after|from|gte?|min|start|ge)|filtercreated(at)?(since|after|from|gte?|min))$/;
const SINCE_SOME =
  /^(startdate|startdatetime|starttime|datefrom|fromdate|fromdatetime|fromtime|from|after|start|begin|begindate|datestart|mindate|timemin|starton|startingat|startat)$/;

/** The field that grows with each change, and the parameter that asks for what has changed: both, or nothing. */
export const cursorOf = (description: Description, params: readonly Param[], record: FlatSchema): CursorFound => {
  const times = [...record.properties].flatMap(([name, schemas]) => {
    const flat = flatten(description, ...schemas);
    return isTime(flat) ? [{ name, format: flat.format, isText: flat.types.has('string') }] : [];
  });
  const fieldOf = (names: readonly string[]) =>
    names.map((wanted) => times.find(({ name }) => plain(name) === wanted)).find((found) => found !== undefined);
  const changed = fieldOf(CHANGED);
  const created = fieldOf(CREATED);

  for (const param of params.filter((each) => each.in === 'query')) {
    const kind = kindOf(description, param);
    if (kind === undefined) continue;
    const field =
      kind === 'changed'
        ? (changed ?? (plain(param.name) === 'since' ? created : undefined))
        : kind === 'created'
          ? created
          : (changed ?? created);
    if (field === undefined) continue;
    const what =
      field === changed ? 'changes with each update' : 'says when a record was made; later changes of it are not seen';
    return {
      cursorField: field.name,
      sinceParam: param.name,
      because: `The parameter "${param.name}" asks for what is newer, and "${field.name}" ${what}.`,
    };
  }
  const field = changed ?? created;
  return {
    because: field
      ? `The records have "${field.name}", but no parameter was found that asks for what is newer: an incremental sync would read everything all the same. Set cursorField to it if only the writing is to be saved.`
      : 'The records have no field that says when they changed.',
  };
};

const kindOf = (description: Description, param: Param): 'changed' | 'created' | 'some' | undefined => {
  const name = plain(param.name);
  const flat = flatten(description, param.schema);
  if (flat.types.size > 0 && !flat.types.has('string')) return undefined;
  const saysTime =
    /^date(-time)?$/.test(flat.format ?? '') ||
    /\b(iso[ -]?8601|rfc[ -]?3339|timestamp|date[- ]?time|date|yyyy)\b/i.test(param.description);
  if (SINCE_CREATED.test(name)) return 'created';
  const hint = /\b(updat|modif|chang)/i.test(param.description)
    ? 'changed'
    : /\bcreat/i.test(param.description)
      ? 'created'
      : undefined;
  if (SINCE_CHANGED.test(name))
    return saysTime || name !== 'since' ? (name === 'since' ? (hint ?? 'changed') : 'changed') : undefined;
  if (SINCE_SOME.test(name) && saysTime) return hint ?? 'some';
  return undefined;
};

const isTime = ({ types, format, enum: values }: FlatSchema): boolean =>
  values === undefined &&
  (types.has('string') || types.size === 0) &&
  !types.has('object') &&
  !/^(uri|uuid|email)$/.test(format ?? '') &&
  types.size <= 1;
