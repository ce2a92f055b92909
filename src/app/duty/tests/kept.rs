//! What outlives the program.

use super::*;

#[test]
fn what_nobody_has_answered_outlives_the_program() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[12]);
    duty.maintain(station(3), None, "yeni kabel");
    let known = rig.pass(&mut duty, 60, &[3, 12]);
    let before = duty.attention().lines.clone();
    assert_eq!(before.len(), 1, "no alarm where work is done: {before:#?}");
    assert_eq!((known.counts.of(State::Maintenance), known.counts.of(State::Offline)), (1, 1));
    assert!(duty.close(LONG) && journal.close(LONG));

    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 5, &[]);
    assert_eq!(duty.work_at(rig.clock.wall()).count(), 1);
    let after = &duty.attention().lines;
    assert_eq!((after.len(), after[0].id), (1, before[0].id));
    duty.end_maintenance(station(3));
    let ids: Vec<_> = duty.attention().lines.iter().map(|line| line.id).collect();
    rig.pass(&mut duty, 60, &[]);
    assert!(duty.attention().lines.iter().all(|line| line.ended.is_some()), "still to be answered");
    duty.acknowledge_all_ended();
    rig.pass(&mut duty, 200, &[]);
    assert!(
        !ids.is_empty()
            && duty.attention().lines.is_empty()
            && duty.work_at(rig.clock.wall()).count() == 0
    );
    assert!(duty.close(LONG) && journal.close(LONG));
}

#[test]
fn a_damaged_save_is_survived() {
    let rig = Rig::new();
    std::fs::write(rig.data.alarms_file(), "{").unwrap();
    let (mut duty, journal) = rig.duty();
    let kept = std::fs::read_dir(rig.data.root()).unwrap();
    let kept =
        kept.filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains("damaged"));
    assert_eq!(kept.count(), 1, "kept aside");
    rig.pass(&mut duty, 60, &[12]);
    assert_eq!(duty.attention().lines.len(), 1);
    assert!(duty.close(LONG) && journal.close(LONG));
}

/// The files of the data folder whose names hold `part`.
fn named(rig: &Rig, part: &str) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(rig.data.root()).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.to_string_lossy().contains(part)).collect()
}

#[test]
fn what_the_disk_does_not_give_back_stays_and_stops_nobody() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[3]);
    assert!(duty.close(LONG) && journal.close(LONG));
    // A folder in its place can't be read as a file can, whoever asks.
    let file = rig.data.alarms_file();
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    std::fs::write(file.join("kept"), "what is still there").unwrap();

    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 5, &[]);
    assert!(duty.attention().lines.is_empty() && named(&rig, "unread").is_empty());
    assert!(file.join("kept").exists(), "as long as there is nothing to write");
    rig.pass(&mut duty, 60, &[12]);
    let numbers: Vec<u64> = duty.attention().lines.iter().map(|line| line.id.0).collect();
    assert_eq!(numbers, [2], "those of the journal go on");
    assert!(duty.close(LONG) && journal.close(LONG));
    let aside = named(&rig, "alarms.unread-");
    assert_eq!(aside.len(), 1, "{aside:?}");
    let still = std::fs::read_to_string(aside[0].join("kept")).unwrap();
    assert_eq!(still, "what is still there");

    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 5, &[12]);
    assert_eq!(duty.attention().lines.len(), 1, "what was saved since is read");
    assert!(duty.close(LONG) && journal.close(LONG));
}

#[test]
fn a_damaged_save_that_cannot_be_put_aside_stops_nobody_and_is_not_written_over() {
    let rig = Rig::new();
    let file = rig.data.alarms_file();
    std::fs::write(&file, "{").unwrap();
    // What it would be called is a folder.
    let taken = file.with_extension(format!("damaged-{}", rig.clock.wall().as_micros()));
    std::fs::create_dir(&taken).unwrap();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[12]);
    assert_eq!(duty.attention().lines.len(), 1);
    assert!(duty.close(LONG) && journal.close(LONG));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{", "rather unsaved than gone");
    let (duty, journal) = rig.duty();
    assert!(!file.exists() && named(&rig, "damaged").len() == 2, "another name was free");
    assert!(duty.close(LONG) && journal.close(LONG));
}

#[test]
fn a_picture_that_stood_still_does_so_after_a_restart() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 30, &[]);
    let began = rig.clock.mono();
    rig.pass_as(&mut duty, 60, |id, now| match id == station(3) {
        true => still(began, now),
        false => live(now),
    });
    duty.acknowledge(duty.attention().lines[0].id, "");
    assert!(duty.close(LONG) && journal.close(LONG));

    let source = |kept: &Station| crate::config::secrets::FeedSource {
        id: FeedId { station: kept.id, kind: FeedKind::Main },
        url: "rtsp://127.0.0.1:1/".parse().unwrap(),
        shown_url: kept.main.clone(),
        login: None,
    };
    // The second time the station has another camera.
    let other = |station: &Station| Station { main: "rtsp://10.9.9.9/".into(), ..station.clone() };
    let moved = StationList {
        stations: rig.list.stations.iter().map(other).collect(),
        ..(*rig.list).clone()
    };
    for (list, remembered) in [(&*rig.list, true), (&moved, false)] {
        let sources = list.stations.iter().filter(|s| s.id.district == 57).map(source).collect();
        let clock: Arc<dyn Clock> = rig.clock.clone();
        let limits = crate::ingest::Limits::default();
        let ingest = Ingest::start(sources, limits, clock, Arc::new(|| {})).unwrap();
        let (duty, journal) = rig.duty();
        duty.remind(&ingest, list);
        for n in 1..=12 {
            let feed = ingest.feed(FeedId { station: station(n), kind: FeedKind::Main }).unwrap();
            let seen = feed
                .assess(rig.clock.mono(), ingest.pulse())
                .evidence
                .picture
                .suspicion
                .frozen_since;
            let expected = (remembered && n == 3).then_some(began);
            // Civil time is kept to the microsecond.
            let near = |(a, b): (Mono, Mono)| a.as_micros().abs_diff(b.as_micros()) <= 1;
            assert_eq!(seen.is_some(), expected.is_some(), "{n}");
            assert!(seen.zip(expected).is_none_or(near), "{seen:?} {expected:?}");
        }
        assert!(duty.close(LONG) && journal.close(LONG));
    }

    // Answered is answered: nobody is asked again, and nobody is told that it is over.
    let (mut duty, journal) = rig.duty();
    rig.pass_as(&mut duty, 60, |id, now| match id == station(3) {
        true => still(began, now),
        false => live(now),
    });
    let lines = duty.attention().lines.clone();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].ended.is_none() && lines[0].acknowledged.is_some());
    // It moves.
    rig.pass_as(&mut duty, 60, |_, now| live(now));
    assert!(duty.suspected.is_empty() && duty.attention().lines.is_empty());
    assert!(duty.close(LONG) && journal.close(LONG));
    let (duty, journal) = rig.duty();
    assert!(duty.suspected.is_empty(), "that is saved, too");
    assert!(duty.close(LONG) && journal.close(LONG));
}

#[test]
fn numbers_of_alarms_go_on_after_a_save_that_is_damaged_or_gone() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[3]);
    rig.pass(&mut duty, 60, &[3, 12]);
    let number = |duty: &Duty| duty.attention().lines.iter().map(|line| line.id.0).max();
    assert_eq!(number(&duty), Some(2));
    assert!(duty.close(LONG) && journal.close(LONG));

    std::fs::write(rig.data.alarms_file(), "{").unwrap();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[7]);
    assert_eq!(number(&duty), Some(3), "damaged");
    assert!(duty.close(LONG) && journal.close(LONG));

    std::fs::remove_file(rig.data.alarms_file()).unwrap();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[8]);
    assert_eq!(number(&duty), Some(4), "gone");
    assert!(duty.close(LONG) && journal.close(LONG));
}
