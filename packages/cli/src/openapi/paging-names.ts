// Names of parameters and of members around the records, in plain letters.

export const PAGE = /^(page|p|pg|pageno|pagenumber|pagenum|pageindex|currentpage)$/;
export const OFFSET = /^(offset|skip|start|startat|startindex|firstresult|pageoffset|from)$/;
export const SIZE =
  /^(limit|perpage|pagesize|maxresults|itemsperpage|resultsperpage|pagelimit|top|take|rows|maxitems|maxentries|size|count|first|maxpagesize|pagelength|maxrecords)$/;
export const TOTAL = /^(total|totalcount|totalresults|totalrecords|totalitems|totalelements|totalsize|totalhits)$/;
export const TOTAL_PAGES = /^(totalpages|pagecount|numpages|numberofpages|lastpage|pages|pagetotal)$/;
export const HAS_MORE = /^(hasmore|hasmoreitems|hasmoreresults|hasnext|hasnextpage|more|morerecords|moreavailable)$/;
export const NEXT_URL =
  /^(next|nexturl|nextlink|nexturi|nexthref|nextpage|nextpageurl|nextpagelink|odatanextlink|nextpageuri)$/;
export const CERTAIN_URL = /^(nexturl|nextlink|nexturi|nexthref|nextpageurl|nextpagelink|odatanextlink|nextpageuri)$/;
export const NEXT_CURSOR =
  /^(nextcursor|nextpagecursor|nextpagetoken|nexttoken|nextpageid|nextmarker|nextstartingafter|continuation|continuationtoken|nextcontinuationtoken|endcursor|scrollid|bookmark|nextpage|next|nextoffset|nextid|nextkey)$/;
export const CURSOR_PARAM =
  /^(cursor|pagecursor|pagetoken|startingafter|after|pageafter|nexttoken|nextpagetoken|nextcursor|continuation|continuationtoken|marker|bookmark|scrollid|startafter|startkey|startcursor|pagestartingafter|token|nextpage|pageid|next|page|offset|start|sinceid|afterid)$/;
export const CERTAIN_PARAM = /cursor|token|after|marker|continuation|bookmark|scroll|startkey|^next/;
export const LAST_RECORD_PARAM = /^(startingafter|after|pageafter|startafter|pagestartingafter|afterid|sinceid)$/;
export const PAGING =
  /^(paging|pagination|page|meta|metadata|links|cursors?|next|responsemetadata|pageinfo|nextpage|)$/;
