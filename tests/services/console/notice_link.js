() => {
    // Every change of what the page says of its connection and of the leader, with the time.
    window.noticed = [];
    const seen = () => {
        const link = document.querySelector("p.link");
        const leader = document.querySelector("p.leader");
        const said = [link.className.replace("link ", ""), link.textContent, leader.textContent].join(" | ");
        if (window.noticed.at(-1)?.said !== said) window.noticed.push({ at_ms: Date.now(), said });
    };
    seen();
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(seen).observe(document.querySelector("header"), all);
}
