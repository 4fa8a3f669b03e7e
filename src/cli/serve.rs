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
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::{Args, value_parser};
use serde::Serialize;
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
        let stop = || stop_asked(Arc::clone(&asked));
        Ok::<_, CliError>(connections::serve(listener, router(served), patience, stop).await)
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

fn router(served: Served) -> Router {
    Router::new()
        .route("/predict", post(predict))
        .route(
            "/health",
            get(|| async { json_answer(StatusCode::OK, &json!({"status": "ok"})) }),
        )
        .route("/model", get(describe))
        .fallback(|| async { refuse(StatusCode::NOT_FOUND, PATHS) })
        .method_not_allowed_fallback(|| async { refuse(StatusCode::METHOD_NOT_ALLOWED, PATHS) })
        .with_state(served)
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
    let asked: Value = match serde_json::from_slice(&bytes) {
        Ok(asked) => asked,
        Err(error) => {
            let problem = format!("the body is not JSON: {error}");
            return refuse(StatusCode::BAD_REQUEST, &problem);
        }
    };
    // Trees are walked on a thread that may block: the others go on answering.
    let work = task::spawn_blocking(move || answer(&served.model, asked));
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

fn answer(saved: &SavedModel, asked: Value) -> Response {
    let shape = "expected an object of features, or an array of such objects";
    let (objects, single) = match asked {
        Value::Object(object) => (vec![Value::Object(object)], true),
        Value::Array(objects) => (objects, false),
        _ => return refuse(StatusCode::UNPROCESSABLE_ENTITY, shape),
    };
    if objects.len() > MOST_OBJECTS {
        let problem = format!("at most {MOST_OBJECTS} objects at a time");
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, &problem);
    }
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
