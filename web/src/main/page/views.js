// The frame of the page and its first screen, as templates. Captures are shown by workspace.js.

import { html, nothing } from "./lit/lit-html.js";
import { completeness, lifetime } from "./feed.js";
import { METHODS, count, day, exampleCurl, limit, statusWords, whole } from "./text.js";
import { isShared, routeOf } from "./hooks.js";

// Whole <svg> elements: a path alone would be parsed as HTML.
export const icons = {
  copy: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
    <rect x="7" y="7" width="9.5" height="9.5" rx="2" /><path d="M13 4.5A1.5 1.5 0 0 0 11.5 3h-7A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13" />
  </svg>`,
  done: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m4 10.5 4 4 8-9" /></svg>`,
  plus: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 4v12M4 10h12" /></svg>`,
  send: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m3.5 10 13-6-4 12.5-3-5.5z" /></svg>`,
  list: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M4 6h12M4 10h12M4 14h8" /></svg>`,
  share: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
    <path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1" />
  </svg>`,
  help: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M7.3 7.4a2.8 2.8 0 1 1 4 2.6c-.8.4-1.3 1-1.3 1.9v.3M10 15.2v.1" /></svg>`,
  back: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m12 4-6 6 6 6" /></svg>`,
  follow: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 16.5V8M6.5 11.5 10 8l3.5 3.5M4 4h12" /></svg>`,
  filter: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M3.5 5h13M6 10h8M8.5 15h3" /></svg>`,
  find: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="8.8" cy="8.8" r="5" /><path d="m12.5 12.5 4 4" /></svg>`,
  down: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m6 8 4 4 4-4" /></svg>`,
  up: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 16V4.5M5 9l5-5 5 5" /></svg>`,
  download: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 3.5v9M6 9l4 4 4-4M4 16.5h12" /></svg>`,
  compare: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M3 6.5h11m-3-3 3 3-3 3M17 13.5H6m3 3-3-3 3-3" /></svg>`,
  odd: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
    <circle cx="5" cy="6" r="2" /><circle cx="10" cy="6" r="2" /><circle cx="15" cy="6" r="2" /><circle cx="5" cy="13.5" r="2" />
    <path d="M8 11.5h4v4H8z" fill="currentColor" /><circle cx="15" cy="13.5" r="2" />
  </svg>`,
  close: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m5 5 10 10M15 5 5 15" /></svg>`,
  terminal: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><rect x="2.5" y="4" width="15" height="12" rx="2" /><path d="m5.5 8 2.5 2-2.5 2M10 12.5h4" /></svg>`,
  laptop: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M4.5 4.5h11v8h-11zM2.5 15.5h15" /></svg>`,
  reply: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M8.5 5 3.5 10l5 5M4 10h8.5a4 4 0 0 1 4 4v1" /></svg>`,
  again: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M16 10a6 6 0 1 1-2-4.5M14.5 2.5v3.2h-3.2" /></svg>`,
  more: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M4.5 10h.01M10 10h.01M15.5 10h.01" /></svg>`,
  pen: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m4 16 .8-3.6L13 4.2l2.8 2.8-8.2 8.2z" /></svg>`,
  pin: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M7.5 3h5l-.7 5.2L14.5 11v1.5h-9V11l2.7-2.8zM10 12.5V17" /></svg>`,
  note: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M4 4h12v8.5L12.5 16H4zM7 8h6M7 11h3.5" /></svg>`,
  bin: html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6" /></svg>`,
};

/** A button that copies and says so without moving anything. `what` names it for the feedback. */
export function copyButton({ copied, actions }, what, text, { label, name, icon = icons.copy, primary = false, title, key } = {}) {
  const done = copied === what;
  return html`<button
    type="button"
    class="button ${primary ? "primary" : "plain"} ${label ? "" : "bare"} ${done ? "done" : ""}"
    title=${title ?? nothing}
    aria-label=${label ? nothing : (name ?? title ?? "Copy")}
    aria-keyshortcuts=${key ?? nothing}
    @click=${() => actions.copy(what, typeof text === "function" ? text() : text)}
  >
    ${done ? icons.done : icon}${label ? html`<span class="swap"><span ?hidden=${done}>${label}</span><span ?hidden=${!done}>Copied</span></span>` : nothing}
  </button>`;
}

export function closeMenus() {
  document.querySelector(":popover-open")?.hidePopover();
}

export function closeOnBackdrop(event) {
  if (event.target === event.currentTarget) event.currentTarget.close();
}

export function selectText(event) {
  getSelection().selectAllChildren(event.currentTarget);
}

export function page(model) {
  const { message: said, hook, feed, workspace } = model;
  return html`
    ${!said && hook?.only
      ? model.alone(model)
      : !said && hook && workspace && feed.captures.length > 0
      ? workspace.screen(model)
      : html`${topBar(model)} ${said ? message(model) : hook ? hookScreen(model) : opening()}`}
    <p class="toast ${model.toast ? "shown" : ""}" role="status">${model.toast ?? ""}</p>
    ${model.undoBar?.(model) ?? nothing} ${model.inspector?.help(model) ?? nothing} ${model.localhost?.show(model) ?? nothing} ${model.responseTool?.show(model) ?? nothing}
    ${model.sampleTool?.show() ?? nothing} ${model.qrTool?.show(model) ?? nothing} ${confirmation(model)}
  `;
}

function topBar(model) {
  const { actions, hooks, hooksMenu } = model;
  return html`<header class="bar">
    <h1>${brand(model)}</h1>
    <span class="tagline">every request, byte for byte</span>
    <nav class="bar-actions" aria-label="Page">
      ${hooks.length > 0 && hooksMenu
        ? html`<button type="button" class="button quiet urls-button" popovertarget="my-urls">${icons.list}<span>My URLs</span></button>`
        : nothing}
      <button type="button" class="button quiet" @click=${actions.create}>${icons.plus}<span>New URL</span></button>
      <button type="button" class="button quiet bare" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${actions.help}>
        ${icons.help}
      </button>
    </nav>
    ${hooksMenu?.show(model) ?? nothing}
  </header>`;
}

export function brand({ hook }) {
  const home = (event) => {
    event.preventDefault();
    location.hash = hook && !hook.only ? routeOf(hook.id) : "";
  };
  return html`<a class="brand" href="/" @click=${home}>
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" /><path d="M21.5 7v12.5a5.5 5.5 0 0 1-11 0V17m0 0-3 3m3-3 3 3" /></svg>
    <span>Hookwell</span>
  </a>`;
}

function opening() {
  return html`<main class="centre" aria-busy="true"><p class="muted">Making your URL …</p></main>`;
}

function message({ message: { title, text, field, again, retry, otherwise, leave }, actions }) {
  return html`<main class="centre">
    <div class="card">
      <h2>${title}</h2>
      <p>${text}</p>
      ${field
        ? html`<form class="row" @submit=${actions.submitOperatorKey}>
            <label class="grow"><span class="label">Operator’s key</span><input name="key" type="password" autocomplete="off" required /></label>
            <button class="button primary">Create a URL</button>
          </form>`
        : html`<p><button type="button" class="button primary" @click=${again ? retry : actions.create}>${again ?? "Get a new URL"}</button>
            ${otherwise ? html`<button type="button" class="button" @click=${leave}>${otherwise}</button>` : nothing}</p>`}
    </div>
  </main>`;
}

/** The fault of a link, in words. */
export function badLink(fault) {
  switch (fault) {
    case "hook":
      return { title: "This link is not complete", text: "There is no valid hook in this link." };
    case "key":
      return { title: "This link is not complete", text: "The key in this link is not valid. Ask for the link again." };
    default:
      return {
        title: "This link has no key",
        text: "Knowing a URL is not reading it: what it received can be opened only in the browser that made it, or with a share link.",
      };
  }
}

/** Why there is no new URL, in words. */
export function notMade({ kind, problem }, creationKey) {
  if (kind === "unauthorised") {
    return {
      title: "This server makes URLs only for its operator",
      text: creationKey ? "That key is not the right one." : "Enter the creation key that the operator gave you. It is used once and not kept.",
      field: true,
    };
  }
  const unreached = kind === "offline";
  return {
    title: unreached ? "The server cannot be reached" : "No URL could be made just now",
    text: problem?.detail ?? (unreached ? "Look whether this device has a network, and try again." : "The server did not answer as it should."),
    again: "Try again",
  };
}

export function titleOf({ hook, unseen }) {
  const about = [hook?.only && `#${hook.only}`, hook?.name, hook && isShared(hook) && "shared with you", "Hookwell"].filter(Boolean);
  return `${unseen > 0 ? `(${unseen}) ` : ""}${about.join(" · ")}`;
}

function hookScreen(model) {
  return html`<main class="hook">
    ${hookPanel(model)}
    <section class="workspace empty" aria-label="Captured requests">${nothingToShow(model)}</section>
  </main>`;
}

export function statusOf({ hook, feed, status, now, online }) {
  return statusWords(status, { shown: feed.captures.length, now, online, hook });
}

/** How many requests are kept, and for how long. */
export function factsOf({ hook, feed, status, retention }, words) {
  return words.tone === "off" ? [] : [onScreen(feed, status, words), lifetime(hook), retention && `each kept ${retention}`].filter(Boolean);
}

function hookPanel(model) {
  const { hook } = model;
  const words = statusOf(model);
  const facts = factsOf(model, words);
  return html`<section class="panel" aria-label=${isShared(hook) ? "A webhook URL that is shared with you" : "Your webhook URL"}>
    <div class="url-row">
      <h2 class="url" id="url" title=${hook.url} @click=${selectText}><span class="url-text">${breakable(hook.url)}</span></h2>
      ${copyButton(model, "url", hook.url, { label: "Copy URL", primary: true, title: "Copy URL (c)", key: "c" })}
    </div>
    ${model.unkept
      ? html`<p class="shared"><b>This browser keeps nothing.</b>
          The key is in the address alone: whoever leaves the page without it can read nothing of this URL any more. Bookmark it.</p>`
      : nothing}
    ${isShared(hook) && !model.unkept ? html`<p class="shared"><b>Shared with you.</b> View only. Its owner, and everybody with a link, can read what is sent to it.</p>` : nothing}
    <p class="facts">
      <span class="status ${words.tone}"><span class="dot"></span><b>${words.title}</b><span class="status-detail">${words.detail}</span></span>
      ${facts.length > 0 ? html`<span class="trust">${facts.join(" · ")}</span>` : nothing}
    </p>
    ${words.tone === "off" ? nothing : tools(model)}
    <p class="visually-hidden" role="status">${words.tone === "live" ? "" : `${words.title}. ${words.detail}`}</p>
  </section>`;
}

/** "All shown" is only claimed while the server says so. */
function onScreen(feed, status, words) {
  if (!feed.loaded) return "";
  if (words.tone !== "warn") return completeness(feed.counts, feed.captures.length);
  return status.kind === "offline" ? "" : `${count(feed.captures.length, "request")} on this screen`;
}

function tools(model) {
  const { actions } = model;
  return html`<div class="tools">
    <button type="button" class="button" ?disabled=${model.sending} @click=${actions.sendTest}>${icons.send}<span>Send a test request</span></button>
    ${copyButton(model, "share", () => actions.shareLink(), {
      label: "Share view-only link",
      icon: icons.share,
      title: "Whoever has this link can read all requests, not delete them. It stays in the history of the browser that opens it",
    })}
    <button type="button" class="button plain" @click=${() => actions.toLocalhost()}>${icons.laptop}<span>To localhost</span></button>
    <button type="button" class="button plain" title="A second URL that gives senders what you choose" @click=${() => actions.toResponse()}>${icons.reply}<span>Response</span></button>
    ${more(model)}
  </div>`;
}

export function more(model) {
  const { hook, feed, actions, exporting, workspace, sending } = model;
  const some = feed.captures.length > 0;
  const chosen = workspace?.isNarrowed(model) ? `The ${whole(workspace.visible(model).length)} that the list shows now` : "All that is kept";
  const item = (title, note, run, disabled = false) =>
    html`<li><button type="button" class="item" ?disabled=${disabled} @click=${() => {
      closeMenus();
      run();
    }}><b>${title}</b><span>${note}</span></button></li>`;
  return html`<button type="button" class="button plain more-button" popovertarget="more" aria-label="More">${icons.more}</button>
    <div id="more" class="menu more-menu" popover>
      <ul>
        ${some
          ? [
              item("Send a test request", "From this page to this URL", actions.sendTest, sending),
              item("Share view-only link", "Copied: who has it reads all requests, and deletes none", () => actions.copy("share", actions.shareLink())),
            ]
          : nothing}
        ${item("Send a sample event …", "GitHub, Stripe or Slack, signed with your secret", actions.toSample)}
        ${item("QR code …", "For a phone: the URL, or the link to read it", actions.toPhone)}
        ${item(model.notifying ? "Stop notifying me" : "Notify me", "Of what arrives while this page is hidden", actions.notify)}
        ${item(model.sounding ? "Stop the sound" : "Sound", "A short tone for each arrival", actions.sound)}
        ${item("Colours", "The system’s, light or dark, in turn", actions.theme)}
        ${item("Export as NDJSON", `${chosen}, oldest first, one a line, with headers and whole bodies`, actions.exportCaptures, !some || exporting)}
        ${item("Keyboard", "All keys (?)", actions.help)}
        ${hook.ownerKey
          ? [
              item("Own it in another browser …", "A link with the owner key, for yourself", actions.ownerLink),
              item("Delete all requests …", "The URL stays and keeps receiving", actions.deleteCaptures, !some),
              item("Delete this URL …", "Everything it received goes with it", actions.deleteHook),
            ]
          : nothing}
      </ul>
      ${hook.ownerKey ? nothing : html`<p>Opened with a view-only link, which deletes nothing.</p>`}
    </div>`;
}

function nothingToShow(model) {
  const { hook, feed, status, now, actions } = model;
  const words = statusWords(status, { shown: 0, now, online: model.online, hook });
  if (words.tone === "off") {
    return html`<div class="waiting">
      <h2>${words.title}</h2>
      <p>${words.detail}</p>
      <p><button type="button" class="button primary" @click=${actions.create}>${icons.plus}<span>Get a new URL</span></button></p>
    </div>`;
  }
  // An empty list is only claimed once the server has said so.
  if (!feed.loaded || feed.captures.length > 0) {
    return words.tone === "warn"
      ? html`<div class="waiting"><h2>${words.title}</h2><p>${words.detail}</p></div>`
      : html`<p class="muted" aria-busy="true">Fetching what has arrived …</p>`;
  }
  return waiting(model);
}

export function tryBox(model) {
  const { hook, method, actions } = model;
  const line = exampleCurl(method, hook.url);
  return html`<div class="try">
    <div class="segments" role="group" aria-label="HTTP method of the example">
      ${METHODS.map(
        (name) => html`<button type="button" aria-pressed=${name === method ? "true" : "false"} @click=${() => actions.method(name)}>${name}</button>`,
      )}
      <span class="grow"></span>
      ${copyButton(model, "example", line, { title: "Copy the curl line" })}
    </div>
    <pre class="line"><code>${line}</code></pre>
  </div>`;
}

function waiting(model) {
  const { feed } = model;
  const before = feed.counts?.stored > 0;
  const shared = isShared(model.hook);
  return html`<div class="waiting">
    <div class="pulse" aria-hidden="true"><span></span></div>
    <h2>${before ? "Waiting for the next request" : "Waiting for the first request"}</h2>
    ${shared
      ? html`<p>What is sent to it shows here as it arrives. For requests of your own, press “New URL”.</p>`
      : html`<p>Paste the URL into anything that sends webhooks, press “Send a test request”, or run:</p>${tryBox(model)}`}
    <ul class="promises">
      <li><b>Any method, any path below it, any body up to ${limit(model.limits.bodyBytes)}.</b> A 200 means the request is kept.</li>
      <li><b>Knowing the URL is not reading it.</b>
        ${shared ? "Its owner, and everybody with a share link, can see what arrives." : "Only this browser, and whoever you give a share link, can see what arrives."}</li>
      <li><b>Not for real personal data.</b> What is sent here is stored as it came${model.retention ? ` for ${model.retention}` : ""}, then deleted. <a href="/terms">What this site keeps</a></li>
    </ul>
  </div>`;
}

function confirmation({ confirm, actions }) {
  return html`<dialog id="confirm" class="dialog" aria-labelledby="confirm-title" @close=${actions.confirmed} @click=${closeOnBackdrop}>
    <form method="dialog">
      <h2 id="confirm-title">${confirm?.title}</h2>
      <p>${confirm?.text}</p>
      <p class="dialog-actions">
        <button class="button" value="">Keep</button>
        <button class="button danger" value="yes">${confirm?.label}</button>
      </p>
    </form>
  </dialog>`;
}

/** The URL may break before the id and nowhere odd. */
function breakable(url) {
  const at = url.indexOf("/h/") + 3;
  return at > 3 ? html`<span class="url-host">${url.slice(0, at)}</span><wbr />${url.slice(at)}` : url;
}
