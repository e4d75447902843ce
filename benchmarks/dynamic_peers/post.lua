-- Posts the lines of the file named in BENCHMARK_BODIES, one after the other.
local requests, turn = {}, 0

function init()
  wrk.headers["Content-Type"] = "application/json"
  for line in io.lines(os.getenv("BENCHMARK_BODIES")) do
    requests[#requests + 1] = wrk.format("POST", "/predict", nil, line)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, failed,
    latency:percentile(50), latency:percentile(99)))
end
