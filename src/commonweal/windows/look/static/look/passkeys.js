/* Passkeys need a script. Forms marked data-passkey="get" or "create" are shown once the browser can do it. */
"use strict";
(function () {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const opened = (options) => {
    const key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    for (const list of [key.allowCredentials, key.excludeCredentials]) for (const one of list || []) one.id = bytes(one.id);
    return options;
  };
  const written = (made) => {
    const answer = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[name]) answer[name] = text(made.response[name]);
    return {
      id: made.id, rawId: text(made.rawId), type: made.type, response: answer,
      authenticatorAttachment: made.authenticatorAttachment, clientExtensionResults: made.getClientExtensionResults(),
    };
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      const trouble = form.querySelector("[data-trouble]");
      try {
        const reply = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
        if (!reply.ok) throw new Error(String(reply.status));
        const made = await navigator.credentials[form.dataset.passkey](opened(await reply.json()));
        form.elements.credential.value = JSON.stringify(written(made));
        form.submit();
      } catch (problem) {
        if (trouble) trouble.hidden = false;
      }
    });
  }
  for (const other of document.querySelectorAll("[data-without-passkey]")) other.hidden = true;
})();
