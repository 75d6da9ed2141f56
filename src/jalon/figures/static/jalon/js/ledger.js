// The ledger checked by the reader's own browser: RFC 6962 tree, C2SP notes, Ed25519 where the browser has it.
// It shares no code with the server or with verify.py: three readings of one ledger that must agree.
(() => {
  const box = document.querySelector("[data-ledger]");
  if (!box) return;
  const text = new TextEncoder();
  const hash = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (written) => Uint8Array.from(written.match(/../g) || [], (pair) => parseInt(pair, 16));
  const unbase64 = (written) => Uint8Array.from(atob(written), (letter) => letter.charCodeAt(0));
  const leafHash = (content) => hash(Uint8Array.of(0), content);
  const nodeHash = (left, right) => hash(Uint8Array.of(1), left, right);

  const root = async (leaves) => {
    if (!leaves.length) return hash();
    const peaks = [];
    for (const leaf of leaves) {
      let [size, digest] = [1, leaf];
      while (peaks.length && peaks.at(-1)[0] === size) [size, digest] = [size * 2, await nodeHash(peaks.pop()[1], digest)];
      peaks.push([size, digest]);
    }
    let digest = peaks.pop()[1];
    while (peaks.length) digest = await nodeHash(peaks.pop()[1], digest);
    return digest;
  };

  const parse = (note) => {
    const [body, signatures = ""] = note.replaceAll("\r\n", "\n").replace(/^\n+/, "").split("\n\n");
    const [log, size, packed] = body.split("\n");
    if (!/^(0|[1-9]\d*)$/.test(size || "") || !packed) throw new Error("note");
    return { log, size: Number(size), root: hex(unbase64(packed)), body: `${body}\n`, signatures: signatures.split("\n") };
  };

  // true, false, or null where this browser has no Ed25519.
  const signed = async (checkpoint, vkey) => {
    // name+id+base64: only the first two "+" separate.
    const name = vkey.slice(0, vkey.indexOf("+"));
    const packed = vkey.slice(vkey.indexOf("+", name.length + 1) + 1);
    const line = checkpoint.signatures.find((one) => one.startsWith(`— ${name} `));
    if (!line) return false;
    let key;
    try { key = await crypto.subtle.importKey("raw", unbase64(packed).slice(1), "Ed25519", false, ["verify"]); } catch { return null; }
    const signature = unbase64(line.slice(line.lastIndexOf(" ") + 1)).slice(4);
    return crypto.subtle.verify("Ed25519", key, signature, text.encode(checkpoint.body));
  };

  const leavesOf = async (lines) => {
    const found = { hashes: [], shown: 0 };
    let previous = "";
    for (const [index, line] of lines.entries()) {
      const number = index + 1;
      const bad = Object.assign(new Error("fact"), { said: "bad-fact", n: number });
      let entry;
      try { entry = JSON.parse(line); } catch { throw bad; }
      if (entry.sequence !== number) throw bad;
      if (entry.leaf === undefined) { found.hashes.push(unhex(entry.leaf_hash || "")); previous = null; continue; }
      const content = text.encode(entry.leaf);
      let fact;
      try { fact = JSON.parse(entry.leaf); } catch { throw bad; }
      if (fact.sequence !== number || (previous !== null && fact.prev_sha256 !== previous)) throw bad;
      previous = hex(await hash(content));
      found.hashes.push(await leafHash(content));
      found.shown += 1;
    }
    return found;
  };

  const results = box.querySelector("[data-results]");
  const say = (kind, said, places = {}) => {
    const line = document.createElement("li");
    line.className = `check-${kind}`;
    line.dataset.result = said;
    line.append(box.querySelector(`[data-icon="${kind}"]`).content.cloneNode(true));
    const words = document.createElement("span");
    words.textContent = Object.entries(places).reduce((sentence, [name, value]) => sentence.replaceAll(`__${name}__`, value), box.querySelector(`[data-said="${said}"]`).content.textContent);
    line.append(words);
    results.append(line);
  };

  // Whether the ledger still begins with what was kept: says it, and answers.
  const continues = async (kept, leaves, words) => {
    if (kept.log !== box.dataset.log) { say("bad", "bad-file"); return false; }
    if (kept.size > leaves.length) { say("bad", "behind", { n: kept.size }); return false; }
    if (hex(await root(leaves.slice(0, kept.size))) !== kept.root) { say("bad", "fork", { n: kept.size }); return false; }
    say("good", words, { n: kept.size });
    return true;
  };

  const check = async (file) => {
    const key = `ledger:${box.dataset.log}`;
    const note = await (await fetch(box.dataset.noteUrl)).text();
    const checkpoint = parse(note);
    const answer = await fetch(`${box.dataset.leavesUrl}?size=${checkpoint.size}`);
    const lines = (await answer.text()).split("\n").filter(Boolean);
    const { hashes, shown } = await leavesOf(lines);
    say("good", "leaves", { n: hashes.length, shown, hidden: hashes.length - shown });
    say("good", "canonical");
    const whole = checkpoint.log === box.dataset.log && checkpoint.size === hashes.length && hex(await root(hashes)) === checkpoint.root;
    say(whole ? "good" : "bad", whole ? "tree" : "bad-tree");
    const fits = await signed(checkpoint, box.dataset.key);
    if (fits === null) say("note", "no-signature"); else say(fits ? "good" : "bad", fits ? "signature" : "bad-signature");
    const before = localStorage.getItem(key);
    const same = before ? await continues(parse(before), hashes, "since") : (say("note", "first-visit"), true);
    if (file) {
      let given;
      try { given = parse(await file.text()); } catch { say("bad", "bad-file"); return; }
      if ((await signed(given, box.dataset.key)) === false) say("bad", "bad-signature"); else await continues(given, hashes, "file");
    }
    // A checkpoint that disagrees is evidence: the browser never overwrites it.
    if (whole && same && fits !== false) localStorage.setItem(key, note);
  };

  box.querySelector("[data-check]").addEventListener("submit", async (event) => {
    event.preventDefault();
    results.replaceChildren();
    try { await check(box.querySelector("#kept").files[0]); } catch (error) { say("bad", error.said || "failed", { n: error.n }); }
    box.dataset.checked = "";
  });
})();
