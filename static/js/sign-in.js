/* Passkeys, looking at a password while typing, printing. Whatever needs this file is hidden without it. */

// ---- bytes travel as base64url inside JSON (WebAuthn Level 3); older browsers know no shortcut for that.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const described = (credentials = []) => credentials.map((one) => ({ ...one, id: toBytes(one.id) }));

function asJson(credential) {
  const { response } = credential;
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const texts = Object.fromEntries(
    fields.filter((field) => response[field]).map((field) => [field, toText(response[field])]),
  );
  if (response.getTransports) texts.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: texts,
  });
}

const ceremonies = {
  create: ({ publicKey }) =>
    navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
        excludeCredentials: described(publicKey.excludeCredentials),
        // A passkey that can be found without a user name and that asks for finger, face or PIN.
        authenticatorSelection: {
          ...publicKey.authenticatorSelection,
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
      },
    }),
  get: ({ publicKey }) =>
    navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        allowCredentials: described(publicKey.allowCredentials),
      },
    }),
};

async function optionsOf(form) {
  const onPage = document.getElementById(form.dataset.options ?? "");
  if (onPage) return JSON.parse(onPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options;
}

async function usePasskey(event) {
  event.preventDefault();
  const form = event.target;
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const credential = await ceremonies[form.dataset.passkey](await optionsOf(form));
    form.elements.credential.value = asJson(credential);
    form.submit();
  } catch {
    // Cancelled, timed out, or refused by the device: the words on the page say what to do.
    failed.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", usePasskey);
  }
  for (const words of document.querySelectorAll("[data-passkey-impossible]")) words.hidden = true;
}

// ---- a password can be looked at while it is typed

for (const field of document.querySelectorAll("input[data-show-words]")) {
  const label = document.createElement("label");
  label.className = "show-password";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.addEventListener("change", () => {
    field.type = box.checked ? "text" : "password";
  });
  // What is sent must be a password to the browser, or it would offer it as a word elsewhere.
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
  label.append(box, document.createTextNode(field.dataset.showWords));
  field.after(label);
}

// ---- printing

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
