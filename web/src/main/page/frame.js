// The frame around captures: one line with the URL, a fault if there is one, and a line about the requests that are kept.

import { html, nothing } from "./lit/lit-html.js";
import { isShared } from "./hooks.js";
import { brand, copyButton, factsOf, icons, more, selectText, statusOf, tryBox } from "./views.js";

/** So much of the end of a URL is always in sight: it tells one from another. */
const TAIL = 8;

export function bar(model) {
  const { hook, actions } = model;
  const words = statusOf(model);
  return html`<header class="frame" aria-label=${isShared(hook) ? "A webhook URL that is shared with you" : "Your webhook URL"}>
      <h1>${brand(model)}</h1>
      ${model.naming ? namingField(model) : named(hook, actions)}
      ${model.hooksMenu?.show(model) ?? nothing}
      <h2 class="url" id="url" title=${hook.url} @click=${selectText}><span class="url-front">${front(hook.url)}</span><span>${hook.url.slice(-TAIL)}</span></h2>
      ${copyButton(model, "url", hook.url, { label: "Copy URL", primary: true, title: "Copy URL (c)", key: "c" })}
      ${words.tone === "warn" || words.tone === "off" ? nothing : status(words)}
      <nav class="bar-actions" aria-label="Page">
        <button type="button" class="button plain try-button" popovertarget="try" title="A line that sends a request">${icons.terminal}<span>curl</span></button>
        <div id="try" class="menu try-menu" popover>${tryBox(model)}</div>
        <button type="button" class="button plain" title="Brings requests to a server on your machine" @click=${() => actions.toLocalhost()}>${icons.laptop}<span>To localhost</span></button>
        <button type="button" class="button plain" title="A second URL that gives senders what you choose" @click=${() => actions.toResponse()}>${icons.reply}<span>Response</span></button>
        <button type="button" class="button plain" @click=${actions.create}>${icons.plus}<span>New URL</span></button>
        ${more(model)}
      </nav>
    </header>
    ${notices(model, words)}`;
}

/** The name, which leads to all URLs, and is written anew where it stands. */
function named(hook, actions) {
  return html`<button type="button" class="button quiet urls-button" popovertarget="my-urls" title="My URLs"><span class="frame-name">${hook.name || "My URLs"}</span>${icons.down}</button>
    <button
      type="button"
      class="button quiet bare name-button"
      aria-label=${hook.name ? "Rename this URL" : "Name this URL"}
      title="A name, kept in this browser only"
      @click=${() => actions.nameHere(true)}
    >${icons.pen}</button>`;
}

/** Saved by Enter, or by going on to something else; Escape leaves it as it was. */
function namingField(model) {
  const { hook, actions } = model;
  const save = (event) => {
    event.preventDefault();
    // A field that is taken away loses the focus as well.
    if (model.naming) actions.renamed(event, hook);
  };
  const key = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    actions.nameHere(false);
  };
  return html`<form class="rename naming" @submit=${save} @keydown=${key} @focusout=${({ currentTarget }) => currentTarget.isConnected && currentTarget.requestSubmit()}>
    <input name="name" aria-label="Name of this URL" maxlength="60" autocomplete="off" placeholder="Name, in this browser" .value=${hook.name ?? ""} />
  </form>`;
}

/** All of a URL but its end, which is cut where there is no room for it. */
function front(url) {
  const id = url.indexOf("/h/") + 3;
  return html`<span class="url-host">${url.slice(0, id)}</span>${url.slice(id, -TAIL)}`;
}

/** Notices to be read before anything else. */
function notices({ hook, unkept }, words) {
  const bad = words.tone === "warn" || words.tone === "off";
  return html`${bad ? html`<p class="notice">${status(words)}</p>` : nothing}
    <p class="visually-hidden" role="status">${bad ? `${words.title}. ${words.detail}` : ""}</p>
    ${unkept
      ? html`<p class="notice shared"><b>This browser keeps nothing.</b> The key is in the address alone: bookmark it.</p>`
      : isShared(hook)
        ? html`<p class="notice shared"><b>Shared with you.</b> View only. Its owner, and everybody with a link, can read what is sent to it.</p>`
        : nothing}`;
}

function status(words) {
  return html`<span class="status ${words.tone}" title=${words.detail}><span class="dot"></span><b>${words.title}</b><span class="status-detail">${words.detail}</span></span>`;
}

export function foot(model) {
  const facts = factsOf(model, statusOf(model));
  return facts.length > 0 ? html`<p class="list-foot trust">${facts.join(" · ")}</p>` : nothing;
}
