/** A name as it is compared: upper and lower case, `_`, `-` and blanks make no difference. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[_\-\s]/g, '');

const CREDENTIALS = new Set(
  (
    'token accesstoken refreshtoken idtoken authtoken authenticationtoken sessiontoken apitoken bearertoken ' +
    'csrftoken xsrftoken securitytoken ssotoken devicetoken usertoken oauthtoken apikey apisecret appsecret ' +
    'clientsecret consumersecret oauthtokensecret secret secretkey password passwd pwd passphrase privatekey ' +
    'clientassertion assertion codeverifier jwt session sessionid sessionkey sid jsessionid phpsessid ' +
    'authorization credential accesskey credentials signature sig otp subjecttoken actortoken awsaccesskeyid ' +
    'logintoken xamzsignature xamzcredential xamzsecuritytoken xgoogsignature xgoogcredential authkey hmac'
  ).split(' '),
);

/** Whether a field or parameter of this name mostly holds a credential. */
export const isCredentialName = (name: string): boolean => CREDENTIALS.has(plainName(name));

/** Whether the values of a header of this name are for nobody else. */
export const isCredentialHeader = (name: string): boolean =>
  isCredentialName(name.replace(/^x-/, '')) ||
  (/auth|token|secret|session|credential|password|cookie|api-?key|signature|csrf|xsrf/.test(name) &&
    !PAGING.test(name) &&
    !name.endsWith('-authenticate'));

/** Headers in which a request may say which part of a collection it wants. */
const PAGING = /page|next|cursor|offset|continuation/;

/** Names of what is new in every request, so that it is not compared. */
const FRESH = new Set(
  (
    'nonce oauthnonce oauthtimestamp oauthsignature signature sig hmac xamzdate xgoogdate xamzsignature ' +
    'xamzcredential xamzsecuritytoken xgoogsignature xgoogcredential clientassertion assertion'
  ).split(' '),
);

export const isFreshName = (name: string): boolean => FRESH.has(plainName(name));

/** Request headers that are written down. */
export const isKeptRequestHeader = (name: string): boolean =>
  !isCredentialHeader(name) &&
  (['accept', 'content-type', 'prefer', 'soapaction', 'x-http-method-override'].includes(name) ||
    isComparedHeader(name) ||
    /version/.test(name));

/** Request headers that decide what is answered. */
export const isComparedHeader = (name: string): boolean =>
  ['range', 'last-event-id', 'if-none-match', 'if-modified-since', 'soapaction'].includes(name) || PAGING.test(name);

const NOISE =
  /^(?:set-cookie2?|authentication-info|date|age|expires|server|via|connection|keep-alive|transfer-encoding|content-length|content-encoding|vary|alt-svc|nel|report-to|reporting-endpoints|strict-transport-security|content-security-policy.*|permissions-policy|referrer-policy|x-(?:frame-options|content-type-options|xss-protection|powered-by|served-by|cache.*|timer|runtime|envoy-.*|amz-cf-.*|amzn-.*|github-request-id|trace-?id|correlation-id)|(?:x-)?request-?id|cf-.*|access-control-.*|server-timing|traceparent|tracestate|accept-ranges|cross-origin-.*|origin-agent-cluster|p3p|pragma)$/;

/** Whether an answer's header says nothing to a connector, or something else each time. */
export const isNoise = (header: string): boolean => NOISE.test(header);
