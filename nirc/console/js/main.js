// Starts the console. Rule of this file: the order of things and nothing else.

import { ask } from "./api.js";
import { put } from "./dom.js";
import { Frame } from "./frame.js";
import { listen } from "./keys.js";
import * as nodes from "./nodes.js";
import { login } from "./pages/login.js";
import { Router } from "./router.js";
import { ROUTES } from "./routes.js";
import { SAMPLE_S } from "./samples.js";
import * as session from "./session.js";
import { store } from "./store.js";
import { Stream } from "./stream.js";
import * as texts from "./texts.js";
import * as theme from "./theme.js";

const CLUSTER_S = 10;

let running = null;

async function start() {
  theme.show();
  await texts.speak(texts.wanted());
  nodes.remember();
  listen();
  session.onLost(() => { stop(); welcome(true); });
  addEventListener("nirc:language", draw);
  if (session.resume()) begin();
  else welcome(false);
}

function welcome(wasLost) {
  put(document.body, login(wasLost, begin));
  document.querySelector("input")?.focus();
}

/** Everything that runs while somebody is logged in. */
function begin() {
  const stream = new Stream(store, (state) => {
    if (state.phase === "live" && store.samples.curves.size === 0) store.sample();
    running?.frame.connection(state);
  });
  const timers = [
    setInterval(() => store.sample(), SAMPLE_S * 1000),
    setInterval(() => running?.frame.tick(stream.state), 500),
    setInterval(learn, CLUSTER_S * 1000),
  ];
  running = { stream, timers, frame: null, router: null };
  draw();
  learn().then(() => stream.run());
}

/** Frame and page, anew: at the start, and in another language. */
function draw() {
  if (!running) return;
  running.frame?.close();
  running.router?.close();
  running.frame = new Frame(store);
  running.router = new Router(ROUTES, running.frame.main, (route) => running.frame.opened(route));
  put(document.body, running.frame.nodes);
  running.frame.connection(running.stream.state);
  running.router.open();
}

async function learn() {
  try {
    const { body, url } = await ask("GET", "/cluster");
    nodes.learn(body, url);
  } catch {
    // The stream says whether a node answers; what was known of them stays known.
  }
}

function stop() {
  running?.stream.stop();
  running?.timers.forEach(clearInterval);
  running?.frame.close();
  running?.router.close();
  running = null;
}

start();
