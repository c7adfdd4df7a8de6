# The runtime we compare with: the same module behind the same JSON, and no billing at all.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "echo", worker = .echo)],
  sockets = [(name = "http", http = (), service = "echo")],
);

const echo :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "echo.js"),
    (name = "echo.wasm", wasm = embed "../../../spells/echo/echo.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
