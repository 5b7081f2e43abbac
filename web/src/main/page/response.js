// What a sender got back, where it was not the plain 200. No DOM.

/** The handshakes that the server knows, by its names for them: who sends it, and what went back. */
const HANDSHAKES = {
  slack: ["Slack’s and Feishu’s test", "its challenge as JSON"],
  challenge: ["A challenge, as monday.com, Miro, Dropbox, Adobe or Nylas send it", "its challenge"],
  meta: ["Meta’s test", "hub.challenge as text. Strava sends the same and wants JSON: choose that under “Response”, and give Strava the other URL"],
  websub: ["A WebSub hub’s test", "hub.challenge as text"],
  microsoft: ["Microsoft’s test", "validationToken as text"],
  "event-grid": ["Azure Event Grid’s test", "its validation code, so that its link needs no visit"],
  cloudevents: ["A CloudEvents sender’s question", "consent to any origin and any rate"],
  prelude: ["Prelude’s test", "its challenge as a number"],
  onfleet: ["Onfleet’s test", "check as text"],
  wechat: ["WeChat’s test", "echostr as text. Its signature is yours to check"],
  twitch: ["Twitch’s test", "its challenge as text"],
  smartsheet: ["Smartsheet’s test", "its challenge, in a header and as JSON"],
  asana: ["Asana’s test", "its X-Hook-Secret, which signs what it sends from now on"],
  ringcentral: ["RingCentral’s test", "its Validation-Token"],
  strava: ["Strava’s test", "hub.challenge as JSON"],
  okta: ["Okta’s test", "its challenge as JSON"],
  front: ["Front’s test", "its challenge as JSON"],
  salesforce: ["A delivery of Salesforce", "its acknowledgement, without which it would be sent again"],
  twilio: ["A delivery of Twilio", "an empty TwiML document"],
};

/** What was answered, in a few words for the list: "slack handshake", "503", "scripted 200". */
export function responseWords({ response }) {
  if (!response) return "";
  const { status, handshake } = response;
  if (status === 200) return handshake ? `${handshake} handshake` : "scripted 200";
  return [String(status), handshake && `${handshake} handshake`].filter(Boolean).join(" · ");
}

/** The same in a sentence; undefined where the sender got the plain 200. */
export function responseSentence({ response }) {
  if (!response) return undefined;
  const { status, handshake, step } = response;
  if (!handshake) return `The sender got ${status}, as step ${step} of the script says it.`;
  if (!Object.hasOwn(HANDSHAKES, handshake)) return `The sender got ${status}, the response to the handshake “${handshake}”.`;
  const [who, what] = HANDSHAKES[handshake];
  return `${who}: it got back ${what}. Status ${status}.`;
}
