use super::*;
use crate::media::Codec;

fn cli(line: &str) -> Result<Cli, UsageError> {
    parse(line.split_whitespace().map(OsString::from).collect())
}

fn command(line: &str) -> Command {
    cli(line).unwrap().command
}

#[test]
fn commands_are_understood() {
    let import = |mode, json| Command::Import(ImportArgs { file: "l.csv".into(), mode, json });
    assert_eq!(command("import l.csv"), import(ImportMode::Ask, false));
    assert_eq!(command("import --check --json l.csv"), import(ImportMode::Check, true));
    assert_eq!(command("--lang ru import l.csv --accept"), import(ImportMode::Accept, false));
    assert_eq!(command("list"), Command::List(ListArgs::Show));
    assert_eq!(command("list --restore 3"), Command::List(ListArgs::Restore(3)));
    assert_eq!(command("list --export=out"), Command::List(ListArgs::Export("out".into())));
    assert_eq!(cli("list --data d").unwrap().data, Some("d".into()));
    assert_eq!(command("wall --help"), Command::Help);
    assert_eq!(command(""), Command::Wall(WallArgs::default()), "as a desktop opens it");
    let russian = WallArgs { lang: Some(Lang::Ru), ..WallArgs::default() };
    assert_eq!(command("--lang ru"), Command::Wall(russian));
    let wall = WallArgs {
        records: None,
        screenshot: Some(Screenshot { file: "o.png".into(), after: Duration::from_millis(1500) }),
        size: Some((1920, 1080)),
        district: Some(23),
        print_states: Some(Print::Json),
        metrics: Some("127.0.0.1:9000".parse().unwrap()),
        lang: None,
        is_throwaway: false,
    };
    let line = "--screenshot o.png --after 1500ms --size 1920x1080 --district 23 \
                --print-states json --metrics 9000";
    assert_eq!(command(&format!("wall {line}")), Command::Wall(wall.clone()));
    assert_eq!(
        command(&format!("demo --stations 40 {line}")),
        Command::Demo(DemoArgs { stations: 40, wall: WallArgs { is_throwaway: true, ..wall } })
    );
    assert_eq!(command("simulate"), Command::Simulate(SimulateArgs::default()));
    let simulate = SimulateArgs {
        stations: 16,
        port: 0,
        script: Some("f.toml".into()),
        list: Some("l.csv".into()),
        quality: Quality::Hd1080,
        codec: Codec::H265,
        has_sub: true,
        bursts: true,
        login: Some("p".into()),
        stats: Some("s".into()),
        opens_log: Some("o".into()),
        cache: Some("c".into()),
        until_stdin_closes: true,
    };
    let line = "simulate --stations 16 --port 0 --script f.toml --list l.csv --quality 1080p \
        --codec h265 --with-sub --burst --login p --stats s --log-opens o --cache c \
        --until-stdin-closes";
    assert_eq!(command(line), Command::Simulate(simulate));
}

#[test]
fn watching_tells_its_figures_on_this_machine_unless_told_otherwise() {
    let watch = |line: &str| match command(&format!("watch {line}")) {
        Command::Watch(args) => args,
        other => panic!("{other:?}"),
    };
    let at = |address: &str| Some(address.parse().unwrap());
    let usual = WatchArgs { print: None, metrics: at("127.0.0.1:9464"), once: None, records: None };
    assert_eq!(watch(""), usual);
    assert_eq!(watch("--json").print, Some(Print::Json));
    assert_eq!(watch("--print-states text").print, Some(Print::Text));
    assert_eq!(watch("--once 2m").once, Some(Duration::from_secs(120)));
    assert_eq!(watch("--metrics off").metrics, None);
    assert_eq!(watch("--metrics 0").metrics, at("127.0.0.1:0"));
    assert_eq!(watch("--metrics [::1]:9000").metrics, at("[::1]:9000"));
    let anyone = "--metrics-anyone --metrics 0.0.0.0:9000";
    assert_eq!(watch(anyone).metrics, at("0.0.0.0:9000"));
    assert_eq!(watch("--metrics 9000 --metrics-anyone").metrics, at("127.0.0.1:9000"));
}

#[test]
fn addresses_are_taken_by_hand_or_from_standard_input() {
    let typed = |urls: &[&str]| Addresses::Typed(urls.iter().map(|&url| url.into()).collect());
    let open = |addresses| Command::Open(OpenArgs { addresses, wall: WallArgs::default() });
    assert_eq!(command("wall --open rtsp://A/x"), open(typed(&["rtsp://a/x"])));
    let two = typed(&["rtsp://a/x", "rtsp://b/y"]);
    assert_eq!(command("wall --open rtsp://a/x rtsp://b/y"), open(two.clone()));
    assert_eq!(command("wall --open rtsp://a/x --open=rtsp://b/y"), open(two));
    assert_eq!(command("wall --open -"), open(Addresses::Input));
    let wall = WallArgs { size: Some((640, 360)), ..WallArgs::default() };
    let addresses = Addresses::Input;
    assert_eq!(
        command("wall --open - --size 640x360"),
        Command::Open(OpenArgs { addresses, wall })
    );
    let probe = |address, json, seconds: Option<u64>| {
        let seconds = seconds.map(Duration::from_secs);
        Command::Probe(ProbeArgs { address, json, seconds })
    };
    assert_eq!(command("probe rtsp://a/x"), probe(typed(&["rtsp://a/x"]), false, None));
    assert_eq!(command("probe --json - --seconds 60"), probe(Addresses::Input, true, Some(60)));
}

#[test]
fn secrets_on_the_command_line_are_refused_and_not_repeated() {
    for line in [
        "probe rtsp://operator7:hush%21word@cam/live",
        "wall --open rtsp://cam/live?password=hush%21word",
        "wall --open rtsp://a/ rtsp://operator7@cam/",
        "probe rtsp://operator7:hush!word@cam:99999/",
        "probe operator7:hush!word@cam",
        "probe rtsp://a/ rtsp://operator7:hush!word@cam/",
    ] {
        let error = cli(line).unwrap_err();
        for lang in Lang::ALL {
            let said = format!("{} {error:?}", error.explain(&Text::of(lang)));
            assert!(!said.contains("hush") && !said.contains("operator7"), "{line}: {said}");
        }
    }
    let line = "wall --open rtsp://a/ rtsp://u:p@b/";
    assert_eq!(cli(line), Err(UsageError::SecretTyped(2)));
}

#[test]
fn wrong_command_lines_are_refused() {
    use UsageError::*;
    let bad = |option, found: &str| BadValue { option, found: found.into() };
    for (line, error) in [
        ("wal", UnknownCommand("wal".into())),
        ("list --accept", UnknownOption("--accept".into())),
        ("--history list", UnknownOption("--history".into())),
        ("list -x", UnknownOption("-x".into())),
        ("list extra", TooMany("extra".into())),
        ("import", NoFile),
        ("import a b", TooMany("b".into())),
        ("import --check --accept a", Both("--check", "--accept")),
        ("import --json a", Needs("--json", "--check")),
        ("import --check=yes a", NeedlessValue("--check".into())),
        ("list --history --restore 2", Both("--history", "--restore")),
        ("list --restore", NoValue("--restore".into())),
        ("list --restore 0", bad("--restore", "0")),
        ("wall --size 10x10", bad("--size", "10x10")),
        ("wall --screenshot a --after 5h", bad("--after", "5h")),
        ("wall --after 5s", Needs("--after", "--screenshot")),
        ("wall --district 70000", bad("--district", "70000")),
        ("simulate --stations 0", bad("--stations", "0")),
        ("simulate --port 70000", bad("--port", "70000")),
        ("simulate --quality best", bad("--quality", "best")),
        ("simulate --codec jpeg", bad("--codec", "jpeg")),
        ("simulate --district 3", UnknownOption("--district".into())),
        ("list --stations 3", UnknownOption("--stations".into())),
        ("list --lang de", bad("--lang", "de")),
        ("watch --json --print-states json", Both("--json", "--print-states")),
        ("watch --metrics 192.0.2.1:9464", MetricsForAnyone("192.0.2.1:9464".parse().unwrap())),
        ("wall --metrics [::]:9464", MetricsForAnyone("[::]:9464".parse().unwrap())),
        ("watch --metrics localhost:9464", bad("--metrics", "localhost:9464")),
        ("watch --metrics 70000", bad("--metrics", "70000")),
        ("watch --metrics-anyone", Needs("--metrics-anyone", "--metrics")),
        ("watch --once 25h", bad("--once", "25h")),
        ("watch --size 640x360", UnknownOption("--size".into())),
        ("watch list.csv", TooMany("list.csv".into())),
        ("import a --metrics off", UnknownOption("--metrics".into())),
        ("probe", NoAddress),
        ("probe rtsp://a/ rtsp://b/", TooMany("rtsp://b/".into())),
        ("probe rtsp://a/ --seconds 0", bad("--seconds", "0")),
        ("probe rtsp://a/ --seconds 2h", bad("--seconds", "2h")),
        ("probe rtsp://a/ --size 640x360", UnknownOption("--size".into())),
        ("wall --json", UnknownOption("--json".into())),
        ("wall rtsp://a/", TooMany("rtsp://a/".into())),
        ("wall --open", NoValue("--open".into())),
        ("wall --open - --data d", Both("--open", "--data")),
        ("demo --open rtsp://a/", UnknownOption("--open".into())),
        ("rtsp://user:secret@host/", UnknownCommand("rtsp://…@host/".into())),
    ] {
        assert_eq!(cli(line), Err(error), "{line}");
    }
}

#[test]
fn the_language_is_found_even_on_a_wrong_line() {
    let lang = |line: &str, env: &'static [(&str, &str)]| {
        let args: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        language(&args, |name| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    };
    assert_eq!(lang("nonsense --lang ru", &[]), Lang::Ru);
    assert_eq!(lang("--lang=en list", &[("LANG", "ru_RU.UTF-8")]), Lang::En);
    assert_eq!(lang("list", &[("LC_ALL", ""), ("LANG", "ru_RU.UTF-8")]), Lang::Ru);
    assert_eq!(lang("list", &[("LC_ALL", "C"), ("LANG", "ru_RU.UTF-8")]), Lang::Az);
    assert_eq!(lang("list --lang xx", &[]), Lang::Az);
}
