//! The list of a simulated country, as `pollwall import` reads it.

use std::collections::HashMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::country::Place;
use super::server::Stream;
use crate::model::FeedKind;

/// The list as CSV, with logins in the URLs where cameras ask for them.
pub fn csv(places: &[Place], streams: &[Stream]) -> String {
    let mut csv = String::from("district,district_name,station,name,address,main,sub\r\n");
    let streams: HashMap<_, _> = streams.iter().map(|s| ((s.station, s.kind), s)).collect();
    for place in places {
        let url = |kind| streams.get(&(place.id, kind)).map(|s| url(s)).unwrap_or_default();
        let cells = [
            place.id.district.to_string(),
            place.district_name.clone(),
            place.id.station.to_string(),
            place.name.clone(),
            place.address.clone(),
            url(FeedKind::Main),
            url(FeedKind::Sub),
        ];
        csv.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        csv.push_str("\r\n");
    }
    csv
}

fn url(stream: &Stream) -> String {
    let Some(login) = &stream.login else { return stream.url() };
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let (user, password) = (encoded(&login.user), encoded(&login.password));
    stream.url().replacen("rtsp://", &format!("rtsp://{user}:{password}@"), 1)
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Login, list};
    use crate::model::StationId;

    #[test]
    fn the_import_takes_it_logins_and_all() {
        let id = StationId::new(57, 12);
        let place = Place {
            id,
            district_name: "Şəki kənd".into(),
            name: "\"Mədəniyyət\" evi".into(),
            address: "Çinar küçəsi 7, Şəki".into(),
        };
        let login = Login { user: "seçki".into(), password: "a@b/c %".into() };
        let stream = |kind| Stream {
            station: id,
            kind,
            address: [127, 20, 57, 12].into(),
            port: 8554,
            login: Some(login.clone()),
        };
        let streams = [stream(FeedKind::Main), stream(FeedKind::Sub)];
        let parsed = list::parse(csv(std::slice::from_ref(&place), &streams).as_bytes()).unwrap();
        let station = &parsed.list.stations[0];
        assert_eq!(
            (station.id, &station.name, &station.address),
            (id, &place.name, &place.address)
        );
        assert_eq!(station.main, "rtsp://127.20.57.12:8554/main");
        assert_eq!(station.sub.as_deref(), Some("rtsp://127.20.57.12:8554/sub"));
        let feed = crate::model::FeedId { station: id, kind: FeedKind::Main };
        assert_eq!(parsed.secrets.get(feed).and_then(|s| s.login.as_ref()), Some(&login));
    }
}
