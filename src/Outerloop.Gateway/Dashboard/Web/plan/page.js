// What the scripts of pages have in common.

// An element of a page. Children that are texts are shown as they are, never read as markup.
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

// Text in which what would steer a terminal, or turn the direction of what follows, is shown as a picture of itself.
export function visible(text) {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, letter => String.fromCharCode(letter.charCodeAt(0) + 0x2400))
    .replace(/\u007f/g, "\u2421")
    .replace(/[\u0080-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

// Asks this server. A refusal is an error with the server's words, its status and its code.
// An address in a browser may hold a user and a key, which requests must not; the browser sends them by itself.
export async function ask(path, options) {
  let response;
  try {
    response = await fetch(location.origin + path, options);
  } catch (problem) {
    throw problem.name === "AbortError" ? problem : new Error("The server cannot be reached.");
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

export async function askJson(path, options) {
  return (await ask(path, options)).json();
}

export function post(body, signal) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal };
}

async function refusal(response) {
  const told = await response.json().catch(() => null);
  const error = new Error(told?.error?.message ?? `The server answers ${response.status}.`);
  return Object.assign(error, { status: response.status, code: told?.error?.code, parameter: told?.error?.param });
}
