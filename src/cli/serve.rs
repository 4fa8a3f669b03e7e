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
//! that is too large with 413, one that comes too slowly with 408.

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, runtime, signal, task, time::timeout};

use super::{
    model,
    output::{self, CliError, say},
};
use crate::models::artefact::{PredictError, SavedModel, WrongFields};

/// Bytes a request may have.
const BODY_LIMIT: usize = 1 << 20;
/// Objects an array may hold.
const MOST_OBJECTS: usize = 10_000;
/// How long a body may take to arrive, and a prediction to be made.
const BODY_TIME: Duration = Duration::from_secs(10);
const WORK_TIME: Duration = Duration::from_secs(30);

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
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let saved = Arc::new(model::open(&arguments.model)?);
    let bad = |what: &str, error: &std::io::Error| CliError::Input(format!("{what}: {error}"));
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| bad("the server could not start", &error))?;
    runtime.block_on(async {
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
        axum::serve(listener, router(saved))
            .with_graceful_shutdown(stop_asked())
            .await
            .map_err(|error| bad("the server stopped", &error))?;
        say("stopped: every request under way was answered.");
        Ok(())
    })
}

fn router(saved: Arc<SavedModel>) -> Router {
    Router::new()
        .route("/predict", post(predict))
        .route("/health", get(|| async { Json(json!({"status": "ok"})) }))
        .route("/model", get(describe))
        .fallback(|| async {
            refuse(
                StatusCode::NOT_FOUND,
                "there is POST /predict, GET /health and GET /model",
            )
        })
        .with_state(saved)
}

/// Waits for Ctrl+C or, from a service manager, SIGTERM.
async fn stop_asked() {
    let interrupted = signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
            let _ = interrupted.await;
            return;
        };
        let terminated = std::pin::pin!(terminated.recv());
        let interrupted = std::pin::pin!(interrupted);
        either(interrupted, terminated).await;
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
}

/// Ends with the first of two.
#[cfg(unix)]
async fn either<A: Future + Unpin, B: Future + Unpin>(mut one: A, mut other: B) {
    std::future::poll_fn(|cx| {
        use std::{pin::Pin, task::Poll};
        let done =
            Pin::new(&mut one).poll(cx).is_ready() || Pin::new(&mut other).poll(cx).is_ready();
        if done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// What `GET /model` tells.
#[derive(Serialize)]
struct Description<'a> {
    recipe: &'a str,
    model: &'a str,
    title: &'a str,
    features: &'a [crate::models::features::FeatureSpec],
    metrics: &'a crate::models::run::Metrics,
}

async fn describe(State(saved): State<Arc<SavedModel>>) -> Response {
    Json(Description {
        recipe: &saved.recipe.name,
        model: &saved.model,
        title: &saved.title,
        features: &saved.features,
        metrics: &saved.metrics,
    })
    .into_response()
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

async fn predict(State(saved): State<Arc<SavedModel>>, body: Body) -> Response {
    let bytes = match timeout(BODY_TIME, to_bytes(body, BODY_LIMIT)).await {
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT, "the body came too slowly"),
        Ok(Err(_)) => {
            return refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is cut off or larger than 1 MiB: ask for fewer customers at a time",
            );
        }
        Ok(Ok(bytes)) => bytes,
    };
    let asked: Value = match serde_json::from_slice(&bytes) {
        Ok(asked) => asked,
        Err(error) => {
            let problem = format!("the body is not JSON: {error}");
            return refuse(StatusCode::BAD_REQUEST, &problem);
        }
    };
    // Trees are walked on a thread that may block: the others go on answering.
    let work = task::spawn_blocking(move || answer(&saved, asked));
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
        let body = Json(json!({"error": error, "fields": faults}));
        return (StatusCode::UNPROCESSABLE_ENTITY, body).into_response();
    }
    match (single, predictions.pop()) {
        (true, Some(prediction)) => Json(prediction).into_response(),
        (_, last) => {
            predictions.extend(last);
            Json(predictions).into_response()
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
    (status, Json(json!({"error": problem}))).into_response()
}
