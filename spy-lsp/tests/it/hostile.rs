//! What no editor does and no server may fall over.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{brief, uri, with_editor};

#[test]
fn endless_compile_time_code_ends() {
    with_editor(|mut editor| async move {
        let m = &uri(Path::new("/nowhere"), "m.spy");
        for (version, text) in [
            "@blue\ndef loop():\n    x = 1\n    while x == 1:\n        x = 1\n\nN = loop()\n",
            "def loop() -> i32:\n    while True:\n        pass\n    return 1\n\nN = loop()\n",
            "@blue\ndef deep(n):\n    return deep(n + 1)\n\nN = deep(0)\n",
            "@blue\ndef grow() -> str:\n    var s = 'x'\n    while True:\n        s = s + s\n    return s\n\nN = grow()\n",
            "def deep(n: i32) -> i32:\n    return deep(n + 1)\n\nN = deep(0)\n",
            "@blue\ndef grow():\n    var x: list[type] = [i32]\n    for i in range(40):\n        x = x + x\n    return x\n\nN = grow()\n",
            "@blue.generic\ndef f(n):\n    def impl() -> i32:\n        return f[n + 1]()\n    return impl\n\ndef main() -> None:\n    print(f[0]())\n",
            "@struct\nclass C[T]:\n    x: i32\n    def deeper(self) -> i32:\n        return C[C[T]](1).deeper()\n\ndef main() -> None:\n    print(C[i32](1).deeper())\n",
        ]
        .into_iter()
        .enumerate()
        {
            let (version, start) = (i64::try_from(version).expect("small"), Instant::now());
            editor.open(m, version, text).await;
            let found = editor.diagnostics(m, version).await;
            assert!(start.elapsed() < Duration::from_secs(30), "{text}");
            assert_eq!(found.len(), 1, "{text}");
        }
        editor.leave().await;
    });
}

#[test]
fn endless_code_does_not_delay_the_next_version() {
    with_editor(|mut editor| async move {
        let m = &uri(Path::new("/nowhere"), "m.spy");
        let text =
            "@blue\ndef loop():\n    x = 1\n    while x == 1:\n        x = 1\n\nN = loop()\n";
        editor.open(m, 1, text).await;
        editor.change(m, 2, json!([{"text": "x = 1\n"}])).await;
        let (start, found) = (Instant::now(), editor.diagnostics(m, 2).await);
        assert!(found.is_empty() && start.elapsed() < Duration::from_secs(1));
        editor.leave().await;
    });
}

/// A generator of random numbers (xorshift64, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[test]
fn garbage_does_no_harm() {
    with_editor(|mut editor| async move {
        let m = &uri(Path::new("/nowhere"), "m.spy");
        let mut random = Random(0x1234_5678_9abc_def1);
        let pieces = [
            "def ", "(", ")", "\n", "    ", "é𝄞", "\0", "'", "{", "x", " = ", "@blue", ":", "\r",
        ];
        let text = |length: u64, random: &mut Random| -> String {
            (0..length)
                .map(|_| pieces[random.below(pieces.len() as u64) as usize])
                .collect()
        };
        editor.open(m, 0, &text(300, &mut random)).await;
        for version in 1..60 {
            let mut point = || json!({"line": random.below(40), "character": random.below(90)});
            let range = json!({"start": point(), "end": point()});
            let change = json!([{"range": range, "text": text(20, &mut random)}]);
            editor.change(m, version, change).await;
            let (line, column) = (random.below(50) as u32, random.below(99) as u32);
            editor.at("hover", m, line, column).await;
            editor.at("definition", m, u32::MAX, column).await;
        }
        editor.diagnostics(m, 59).await;
        editor.change(m, 60, json!([{"text": "x = 1\n"}])).await;
        assert!(editor.diagnostics(m, 60).await.is_empty());
        editor.leave().await;
    });
}

#[test]
fn unknown_documents_and_malformed_messages_are_ignored() {
    with_editor(|mut editor| async move {
        let unknown = &uri(Path::new("/nowhere"), "unknown.spy");
        editor
            .change(unknown, 3, json!([{"text": "x = 1\n"}]))
            .await;
        editor
            .tell(
                "textDocument/didClose",
                json!({"textDocument": {"uri": unknown}}),
            )
            .await;
        editor
            .tell(
                "textDocument/didSave",
                json!({"textDocument": {"uri": unknown}}),
            )
            .await;
        assert!(editor.at("hover", unknown, 0, 0).await.is_null());
        editor
            .tell("textDocument/didChange", json!({"textDocument": 5}))
            .await;
        editor.tell("textDocument/didOpen", json!([])).await;
        editor.tell("no/such/method", json!({})).await;
        editor.send_raw(b"{not json").await;
        editor.send_raw(b"[]").await;
        editor.send_raw(b"\xff\xfe").await;
        editor.send_raw(b"{\"jsonrpc\":\"2.0\",\"method\":5}").await;
        editor
            .send_bytes(b"Content-Length: 99999999999999999999\r\n\r\nnonsense\r\n")
            .await;
        let m = "untitled:Untitled-1";
        editor.open(m, 1, "def f() -> str:\n    return 1\n").await;
        let found = editor.diagnostics(m, 1).await;
        assert!(brief(&found[0]).contains("TypeError"));
        editor.leave().await;
    });
}
