//! `keepers serve`: a saved model behind a small HTTP endpoint. Built with `--features serve` only: the
//! ordinary program holds no network code.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /predict` | one object of features → one prediction, an array → an array |
//! | `GET /health` | `{"status":"ok"}` |
//! | `GET /model` | recipe, model, features with units and levels, metrics |
//!
//! Every answer is JSON. Fields that do not fit are answered with 422 and named one by one, a body
//! that is too large with 413, one that comes too slowly with 408. `connections` holds the limits of
//! time and number.

mod connections;

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, HOST},
    },
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::{Args, value_parser};
use serde::{Serialize, de::IgnoredAny};
use serde_json::{Map, Value, json};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};
use tokio::{
    net::TcpListener,
    runtime, task,
    time::{sleep, timeout},
};

use self::connections::{Ended, NoBody};
use super::{
    model,
    output::{self, CliError, say},
};
use models::artefact::{PredictError, SavedModel, WrongFields};

/// Bytes a request may have.
const BODY_LIMIT: usize = 1 << 20;
/// Objects an array may hold.
const MOST_OBJECTS: usize = 10_000;
/// How long a prediction may take to be made, its wait for a free thread included.
const WORK_TIME: Duration = Duration::from_secs(30);
/// Seconds a client may be waited for that nobody would set lower or higher.
const PATIENCE: std::ops::RangeInclusive<u64> = 1..=600;

/// Answer predictions over HTTP, on this computer only unless told otherwise
#[derive(Args)]
pub(super) struct Arguments {
    /// Model file written by `keepers train --model-out`
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Address to listen on; 0.0.0.0 lets every computer of the network ask
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8000)]
    port: u16,
    /// Seconds the head of a request, and then its body, may take to arrive
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(PATIENCE))]
    patience: u64,
}

/// What every request is answered from.
#[derive(Clone)]
struct Served {
    model: Arc<SavedModel>,
    patience: Duration,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let served = Served {
        model: Arc::new(model::open(&arguments.model)?),
        patience: Duration::from_secs(arguments.patience),
    };
    let bad = |what: &str, error: &std::io::Error| CliError::Input(format!("{what}: {error}"));
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        // Predictions keep a core busy: more threads than cores would only share them out.
        .max_blocking_threads(cores)
        .build()
        .map_err(|error| bad("the server could not start", &error))?;
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&asked))
            .map_err(|error| bad("the server could not be stopped in order", &error))?;
    }
    let ended = runtime.block_on(async {
        let place = (arguments.host, arguments.port);
        let listener = TcpListener::bind(place).await.map_err(|error| {
            CliError::Input(format!(
                "{}:{} cannot be listened on: {error}. Choose another --port",
                arguments.host, arguments.port
            ))
        })?;
        let address = listener
            .local_addr()
            .map_err(|error| bad("the address is unknown", &error))?;
        if !arguments.host.is_loopback() {
            say("note: every computer that reaches this address can ask for predictions.");
        }
        output::print(&format!("listening on http://{address}\n"))?;
        let patience = served.patience;
        let router = router(served, arguments.host.is_loopback());
        let stop = || stop_asked(Arc::clone(&asked));
        Ok::<_, CliError>(connections::serve(listener, router, patience, stop).await)
    });
    // Whatever is still being predicted has nobody left to tell.
    runtime.shutdown_background();
    match ended? {
        Ended::InOrder => say("stopped: every request under way was answered."),
        Ended::Cut(count) => say(&format!("stopped: {count} connections were cut off.")),
    }
    Ok(())
}

/// Said where something else was asked for.
const PATHS: &str = "there is POST /predict, GET /health and GET /model";

fn router(served: Served, only_here: bool) -> Router {
    let router = Router::new()
        .route("/predict", post(predict))
        .route(
            "/health",
            get(|| async { json_answer(StatusCode::OK, &json!({"status": "ok"})) }),
        )
        .route("/model", get(describe))
        .fallback(|| async { refuse(StatusCode::NOT_FOUND, PATHS) })
        .method_not_allowed_fallback(|| async { refuse(StatusCode::METHOD_NOT_ALLOWED, PATHS) })
        .with_state(served);
    if only_here {
        router.layer(middleware::from_fn(own_name_only))
    } else {
        router
    }
}

/// How often somebody looks whether the server was asked to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Waits for Ctrl+C or, from a service manager, SIGTERM.
async fn stop_asked(asked: Arc<AtomicBool>) {
    while !asked.swap(false, Ordering::Relaxed) {
        sleep(LOOK).await;
    }
}

/// An answer in JSON.
fn json_answer(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, [(CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// What `GET /model` tells.
#[derive(Serialize)]
struct Description<'a> {
    recipe: &'a str,
    model: &'a str,
    title: &'a str,
    features: &'a [models::features::FeatureSpec],
    metrics: &'a models::predictions::Metrics,
}

async fn describe(State(served): State<Served>) -> Response {
    let saved = &served.model;
    let description = Description {
        recipe: &saved.recipe.name,
        model: &saved.model,
        title: &saved.title,
        features: &saved.features,
        metrics: &saved.metrics,
    };
    json_answer(StatusCode::OK, &description)
}

/// The answer for one customer.
#[derive(Serialize)]
struct Prediction {
    prediction: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p_alive: Option<f64>,
}

/// A field that does not fit.
#[derive(Serialize)]
struct Fault {
    /// Place in the array; 0 for a single object.
    object: usize,
    field: String,
    problem: String,
}

async fn predict(State(served): State<Served>, body: Body) -> Response {
    let bytes = match connections::read(body, BODY_LIMIT, served.patience).await {
        Ok(bytes) => bytes,
        Err(NoBody::TooSlow) => {
            return refuse(StatusCode::REQUEST_TIMEOUT, "the body came too slowly");
        }
        Err(NoBody::TooLarge) => {
            return refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is larger than 1 MiB: ask for fewer customers at a time",
            );
        }
        Err(NoBody::CutOff) => {
            return refuse(StatusCode::BAD_REQUEST, "the body ends before its end");
        }
    };
    // Trees are walked on a thread that may block: the others go on answering. The body is read there too:
    // a parsed one is a hundred times as large, and there are only as many of these threads as cores.
    let work = task::spawn_blocking(move || match parsed(&bytes) {
        Ok(asked) => answer(&served.model, asked),
        Err(refusal) => *refusal,
    });
    match timeout(WORK_TIME, work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => refuse(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the prediction failed inside the program",
        ),
        Err(_) => refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "the prediction took too long: ask for fewer customers at a time",
        ),
    }
}

/// The body as JSON; arrays are counted before anything is kept of them.
fn parsed(bytes: &[u8]) -> Result<Value, Box<Response>> {
    let many = serde_json::from_slice::<Vec<IgnoredAny>>(bytes);
    if many.is_ok_and(|objects| objects.len() > MOST_OBJECTS) {
        let problem = format!("at most {MOST_OBJECTS} objects at a time");
        return Err(Box::new(refuse(StatusCode::PAYLOAD_TOO_LARGE, &problem)));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let problem = format!("the body is not JSON: {error}");
        Box::new(refuse(StatusCode::BAD_REQUEST, &problem))
    })
}

/// Refuses requests under a name that is not this computer's: a page of the web whose name was pointed here
/// could ask in the name of whoever looks at it (DNS rebinding).
async fn own_name_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).map(HeaderValue::to_str);
    let own = match host {
        None => true,
        Some(Ok(host)) => is_own_name(host),
        Some(Err(_)) => false,
    };
    if own {
        next.run(request).await
    } else {
        let problem = "ask by the address or as localhost: this server answers to no other name";
        refuse(StatusCode::FORBIDDEN, problem)
    }
}

/// Whether a Host header names an address or localhost, with or without a port.
fn is_own_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok()
}

fn answer(saved: &SavedModel, asked: Value) -> Response {
    let shape = "expected an object of features, or an array of such objects";
    let (objects, single) = match asked {
        Value::Object(object) => (vec![Value::Object(object)], true),
        Value::Array(objects) => (objects, false),
        _ => return refuse(StatusCode::UNPROCESSABLE_ENTITY, shape),
    };
    let mut predictions = Vec::with_capacity(objects.len());
    let mut faults = Vec::new();
    for (place, object) in objects.into_iter().enumerate() {
        let Value::Object(fields) = object else {
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, shape);
        };
        match one(saved, &fields) {
            Ok(prediction) => predictions.push(prediction),
            Err(PredictError::Fields(wrong)) => faults.extend(named(place, wrong)),
            Err(PredictError::Model(error)) => {
                return refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string());
            }
        }
    }
    if !faults.is_empty() {
        let error = "some fields do not fit the model; GET /model lists those it reads";
        let body = json!({"error": error, "fields": faults});
        return json_answer(StatusCode::UNPROCESSABLE_ENTITY, &body);
    }
    match (single, predictions.pop()) {
        (true, Some(prediction)) => json_answer(StatusCode::OK, &prediction),
        (_, last) => {
            predictions.extend(last);
            json_answer(StatusCode::OK, &predictions)
        }
    }
}

fn one(saved: &SavedModel, fields: &Map<String, Value>) -> Result<Prediction, PredictError> {
    let found = saved.predict(fields)?;
    let first = |values: &[f64]| values.first().copied().filter(|value| value.is_finite());
    Ok(Prediction {
        prediction: first(&found.value).unwrap_or(f64::NAN),
        low: first(&found.low),
        high: first(&found.high),
        p_alive: first(&found.p_alive),
    })
}

/// Every field that does not fit, one by one.
fn named(object: usize, wrong: WrongFields) -> Vec<Fault> {
    let fault = |field: String, problem: String| Fault {
        object,
        field,
        problem,
    };
    let missing = wrong.missing.into_iter();
    let unknown = wrong.unknown.into_iter();
    missing
        .map(|field| fault(field, "missing".to_owned()))
        .chain(unknown.map(|field| fault(field, "not known to the model".to_owned())))
        .chain(wrong.wrong.into_iter().map(|(field, expected, found)| {
            fault(field, format!("must be {expected}, found {found}"))
        }))
        .collect()
}

fn refuse(status: StatusCode, problem: &str) -> Response {
    json_answer(status, &json!({"error": problem}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_own_names() {
        for own in [
            "localhost",
            "LOCALHOST:8000",
            "127.0.0.1:8000",
            "127.0.0.1",
            "[::1]:8000",
            "[::1]",
        ] {
            assert!(is_own_name(own), "{own}");
        }
        for other in [
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example",
            "",
            "::evil",
        ] {
            assert!(!is_own_name(other), "{other}");
        }
    }

    #[test]
    fn too_many_objects_are_refused_before_they_are_kept() {
        let body = format!("[{}{{}}]", "{\"\":0},".repeat(MOST_OBJECTS));
        let refusal = parsed(body.as_bytes()).unwrap_err();
        assert_eq!(refusal.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(parsed(b"[1").unwrap_err().status(), StatusCode::BAD_REQUEST);
        assert!(parsed(b"[{}, {}]").is_ok() && parsed(b"{}").is_ok());
    }
}
