//! What an operator can count: calls, how they ended, how long they took. In Prometheus's text form.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// What `/metrics` is served as.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the buckets, in seconds: a search takes milliseconds, a first one of a large site longer.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    call: String,
    status: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    call: String,
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Ended, Counter>,
    seconds: Family<Called, Histogram>,
    under_way: Gauge,
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("mcdewey_mcp");
        let requests = Family::<Ended, Counter>::default();
        let seconds = Family::<Called, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let under_way = Gauge::default();
        registry.register("requests", "Requests by what they called and their HTTP status", requests.clone());
        registry.register("request_seconds", "How long answers took", seconds.clone());
        registry.register("requests_under_way", "Requests being answered now", under_way.clone());
        Self { registry, requests, seconds, under_way }
    }

    /// Counts a request from its begin to its end.
    pub fn begin(&self) {
        self.under_way.inc();
    }

    /// The other end of [`begin`](Self::begin).
    pub fn end(&self) {
        self.under_way.dec();
    }

    /// Counts an answer.
    pub fn answered(&self, call: &str, status: u16, took: Duration) {
        self.requests.get_or_create(&Ended { call: call.into(), status: status.to_string() }).inc();
        self.seconds.get_or_create(&Called { call: call.into() }).observe(took.as_secs_f64());
    }

    /// All of them, as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
