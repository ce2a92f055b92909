use std::net::TcpListener;

use super::*;

#[test]
fn a_file_is_added_to_and_a_torn_line_stays_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("heads.jsonl");
    let mut holder = FileHolder::new(&path);
    holder.take("{\"number\":1}\n").unwrap();
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"num").unwrap();
    holder.take("{\"number\":2}\n").unwrap();
    holder.take("{\"number\":3}\n").unwrap();
    let expected = "{\"number\":1}\n{\"num\n{\"number\":2}\n{\"number\":3}\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    // A disk that is not mounted: its folder is not made up.
    let away = dir.path().join("away/heads.jsonl");
    let error = FileHolder::new(&away).take("x\n").unwrap_err();
    assert!(matches!(error, HolderError::Unreachable { .. }), "{error}");
    assert!(!away.parent().unwrap().exists());
}

/// Answers one request after the other with these; gives what was sent.
fn server(answers: &'static [&'static str]) -> (url::Url, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/heads?day=1", listener.local_addr().unwrap());
    let serve = move || {
        let mut sent = Vec::new();
        for answer in answers {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !String::from_utf8_lossy(&request).ends_with("}\n") {
                let read = socket.read(&mut piece).unwrap();
                assert!(read > 0, "the request is not whole");
                request.extend(&piece[..read]);
            }
            sent.push(String::from_utf8(request).unwrap());
            socket.write_all(answer.as_bytes()).unwrap();
        }
        sent
    };
    let thread = std::thread::Builder::new().name("holder".into()).spawn(serve).unwrap();
    (url.parse().unwrap(), thread)
}

#[test]
fn an_address_gets_each_line_by_post_and_only_yes_is_yes() {
    let (url, thread) = server(&[
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 503 Busy\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n\r\n",
        "no HTTP at all\r\n",
        "",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    ]);
    let mut holder = UrlHolder::new(&url);
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(match holder.take("{\"number\":1}\n") {
            Ok(()) => 200,
            Err(HolderError::Refused { code, .. }) => code,
            Err(e) => panic!("{e}"),
        });
    }
    assert_eq!(codes, [200, 503, 302, 0, 0, 200]);
    let sent = thread.join().unwrap();
    assert!(sent[0].starts_with("POST /heads?day=1 HTTP/1.1\r\nHost: 127.0.0.1:"), "{}", sent[0]);
    assert!(sent[0].contains("\r\nContent-Length: 13\r\n"), "{}", sent[0]);
    assert!(sent[0].ends_with("\r\n\r\n{\"number\":1}\n"), "{}", sent[0]);
    // Nobody is there any more.
    let error = holder.take("{}\n").unwrap_err();
    assert!(matches!(error, HolderError::Unreachable { .. }), "{error}");
}
