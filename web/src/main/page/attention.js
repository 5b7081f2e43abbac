// What arrived while nobody looked, and how the tab tells: its title, its icon, a notification if it was asked for.

import { browserStorage } from "./hooks.js";
import { count } from "./text.js";

const PLACE = "hookwell.notify";
const SOUND = "hookwell.sound";
/** A short soft tone, in seconds and hertz. */
const LASTS = 0.18;
const PITCH = 660;

/** So many arrived: each is unread until it is opened, and those that nobody can have seen are counted. */
export function arrived(number, model) {
  const { feed } = model;
  if (number > 0) {
    for (const { seq } of feed.captures.slice(0, number)) model.unread.add(seq);
    model.announcement = `${count(number, "new request")}, the newest is #${feed.lastSeq}`;
    if (document.hidden || isAway()) model.unseen += number;
    if (document.hidden) notify(number, model);
    if (sounds()) play();
  }
  if (model.unseen === 0) model.seenUpTo = feed.lastSeq;
}

/** What stands at the top of the list of a visible page counts as seen; who comes back is told what came meanwhile. */
export function seen(model) {
  model.away = isAway();
  if (document.hidden) {
    model.returned = undefined;
    model.left = true;
    return;
  }
  if (model.left && model.unseen > 0) model.returned = { count: model.unseen, since: model.seenUpTo };
  model.left = false;
  if (model.away) return;
  model.unseen = 0;
  model.seenUpTo = model.feed?.lastSeq ?? 0;
}

/** The dot of the icon. */
export function showIcon({ unseen }) {
  const icon = document.querySelector("link[rel=icon]");
  const name = unseen > 0 ? "icon-new.svg" : "icon.svg";
  if (!icon.href.endsWith(`/${name}`)) icon.href = new URL(`./${name}`, import.meta.url).href;
}

/** Whether arrivals are notified of while the page is hidden. */
export function notifies() {
  return globalThis.Notification?.permission === "granted" && browserStorage().getItem(PLACE) === "on";
}

/** Turns that on, when the browser's own question is answered with yes, or off; resolves to what is said of it. */
export async function switchNotifications() {
  if (notifies()) {
    browserStorage().setItem(PLACE, "off");
    return "Notifications are off.";
  }
  const answer = await globalThis.Notification?.requestPermission();
  if (answer !== "granted") return "This browser does not let the page notify.";
  browserStorage().setItem(PLACE, "on");
  return "You are notified of what arrives while this page is hidden.";
}

/** Whether arrivals are heard. */
export function sounds() {
  return browserStorage().getItem(SOUND) === "on";
}

/** Turns that on, with a first tone, or off; what is said of it. */
export function switchSound() {
  browserStorage().setItem(SOUND, sounds() ? "off" : "on");
  if (!sounds()) return "Arrivals make no sound.";
  play();
  return "Each arrival makes a short sound.";
}

let audio;

function play() {
  audio ??= new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  const now = audio.currentTime;
  tone.frequency.value = PITCH;
  volume.gain.setValueAtTime(0.12, now);
  volume.gain.exponentialRampToValueAtTime(0.001, now + LASTS);
  tone.connect(volume).connect(audio.destination);
  tone.start(now);
  tone.stop(now + LASTS);
}

/** Of what was sent nothing is said: it would stand on a locked screen. */
function notify(number, { hook }) {
  if (!notifies()) return;
  const notification = new Notification(count(number, "new request"), { body: hook.name || `…${hook.id.slice(-8)}`, tag: hook.id });
  notification.onclick = () => {
    focus();
    notification.close();
  };
}

/** Whether the top of the list is out of sight: scrolled away, or behind an open request on a narrow screen. */
function isAway() {
  const list = document.querySelector(".list-scroll");
  if (!list) return false;
  return list.scrollTop > 8 || !list.checkVisibility() || list.getBoundingClientRect().top < 0;
}
