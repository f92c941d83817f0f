// What travels between the page and its server: questions in JSON, answers in JSON or as frames of numbers.

const token = document.querySelector('meta[name="token"]')?.content || "";

/** The server understood and would not. */
export class Refused extends Error {}

/** Nobody answered. */
export class Gone extends Error {}

async function sent(path, body, signal) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST", body: JSON.stringify(body), signal, credentials: "omit", cache: "no-store",
      headers: { "Content-Type": "application/json", "X-Suasion-Token": token },
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Gone("the server does not answer");
  }
  if (answer.status === 403) throw new Gone("the server was started again; load this page anew");
  if (!answer.ok) throw new Refused((await answer.json().catch(() => ({}))).refused || `the server answers ${answer.status}`);
  return answer;
}

/** One question, one answer. */
export const ask = async (path, body, signal) => (await sent(path, body, signal)).json();

/** Frames as they come: each with the words of its header and its arrays by name, as nested lists of Float32Array. */
export async function* frames(body, signal) {
  const reader = (await sent("/api/histories", body, signal)).body.getReader();
  let held = new Uint8Array(0);
  for (;;) {
    let chunk;
    try {
      chunk = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Gone("the server went away");
    }
    if (chunk.value) {
      const more = new Uint8Array(held.length + chunk.value.length);
      more.set(held);
      more.set(chunk.value, held.length);
      held = more;
    }
    for (let whole = length(held); whole && held.length >= whole; whole = length(held)) {
      yield decoded(held.slice(0, whole).buffer);
      held = held.slice(whole);
    }
    if (chunk.done) return;
  }
}

function length(bytes) {
  if (bytes.length < 8) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return 8 + view.getUint32(0, true) + view.getUint32(4, true);
}

/** A frame out of its bytes. */
export function decoded(buffer) {
  const header = new DataView(buffer).getUint32(0, true);
  const said = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, header)));
  let offset = 8 + header;
  const arrays = {};
  for (const { name, shape } of said.arrays) {
    const size = shape.reduce((product, each) => product * each, 1);
    arrays[name] = nested(new Float32Array(buffer, offset, size), shape);
    offset += 4 * size;
  }
  return { ...said, arrays };
}

/** A flat array by its shape: lists of lists, the last axis left as it is. */
export function nested(flat, shape) {
  if (shape.length <= 1) return flat;
  const each = flat.length / (shape[0] || 1);
  return Array.from({ length: shape[0] }, (_, i) => nested(flat.subarray(i * each, (i + 1) * each), shape.slice(1)));
}
