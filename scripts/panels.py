"""What the four dashboards show. Aggregation-based visualisations alone, as Kibana 7.17 to 9 and OpenSearch Dashboards all have them."""
import re

COLUMNS = 48
CONTROLS = [("Team", "team_id"), ("Environment", "environment"), ("Model", "model"), ("Provider", "provider")]


def number_format(name, kind):
    """How numbers of this field are shown; None: as they are."""
    if kind not in ("long", "integer", "double", "float"):
        return None
    if "usd" in name or name == "saved_cache_cost":
        return "$0,0.00[0000]"
    if "mtok" in name:
        return "$0,0.00"
    return "0,0" if kind == "long" else "0,0.[0]"


# Aggregations: kind, place, parameters.

def count(label="Calls"):
    return ("count", "metric", {"customLabel": label})


def total(field, label):
    return ("sum", "metric", {"field": field, "customLabel": label})


def mean(field, label):
    return ("avg", "metric", {"field": field, "customLabel": label})


def latest(field, label):
    return ("max", "metric", {"field": field, "customLabel": label})


def distinct(field, label):
    return ("cardinality", "metric", {"field": field, "customLabel": label})


def percentiles(field, percents, label):
    return ("percentiles", "metric", {"field": field, "percents": percents, "customLabel": label})


def over_time(interval="auto"):
    return ("date_histogram", "segment", {
        "field": "@timestamp", "useNormalizedEsInterval": True, "scaleMetricValues": False, "interval": interval,
        "drop_partials": False, "min_doc_count": 1, "extended_bounds": {}, "customLabel": "Time"})


def by(field, label, size=10, place="bucket", order="1"):
    """The values of a field; calls without one are a row of their own."""
    return ("terms", place, {
        "field": field, "orderBy": order, "order": "desc", "size": size, "otherBucket": False,
        "otherBucketLabel": "Other", "missingBucket": True, "missingBucketLabel": "none", "customLabel": label})


def in_colours(field, label, size=10, order="1"):
    return by(field, label, size, "group", order)


def along(field, label, size=20, order="1"):
    return by(field, label, size, "segment", order)


def known(aggregation):
    """The same without the row of calls that have no such value."""
    kind, place, params = aggregation
    return (kind, place, dict(params, missingBucket=False))


def cases(pairs, place="bucket", label="What"):
    return ("filters", place, {
        "filters": [{"input": {"query": query, "language": "lucene"}, "label": name} for name, query in pairs],
        "customLabel": label})


def queries(panel):
    """Texts of the queries inside its aggregations."""
    return [case["input"]["query"] for _, _, params in panel["aggs"] for case in params.get("filters", [])]


def fields_in(query):
    """The fields that a query of ours names."""
    exists = re.findall(r"_exists_:([A-Za-z_.@]+)", query)
    return exists + [name for name in re.findall(r"([A-Za-z_.@]+):", query) if name != "_exists_"]


def panel(name, title, kind, width, aggs, query="", **more):
    return dict(more, name=name, title=title, kind=kind, width=width, aggs=aggs, query=query)


def markdown(name, title, text, width=COLUMNS):
    return dict(name=name, title=title, kind="markdown", width=width, text=text, aggs=[])


def row(height, *panels):
    return {"height": height, "panels": list(panels)}


def params(kind, aggs, panel):
    """The looks of a visualisation, with all that any of the versions wants to find."""
    if kind == "metric":
        return {
            "addTooltip": True, "addLegend": False, "type": "metric", "metric": {
                "percentageMode": False, "useRanges": False, "colorSchema": "Green to Red", "metricColorMode": "None",
                "colorsRange": [{"from": 0, "to": 10000}], "labels": {"show": True}, "invertColors": False,
                "style": {"bgFill": "#000", "bgColor": False, "labelColor": False, "subText": "", "fontSize": 32}}}
    if kind == "table":
        return {
            "perPage": 10, "showPartialRows": False, "showMetricsAtAllLevels": False, "showTotal": False, "totalFunc": "sum",
            "percentageCol": "", "sort": {"columnIndex": None, "direction": None}}
    if kind == "pie":
        return {
            "type": "pie", "addTooltip": True, "addLegend": True, "legendPosition": "right", "isDonut": True,
            "labels": {"show": False, "values": True, "last_level": True, "truncate": 100}}
    mode = "percentage" if panel.get("share") else "normal"
    series = "normal" if kind == "line" else "stacked"
    return {
        "type": kind, "grid": {"categoryLines": False}, "addTooltip": True, "addLegend": True, "legendPosition": "right",
        "times": [], "addTimeMarker": False, "labels": {"show": False},
        "thresholdLine": {"show": False, "value": 10, "width": 1, "style": "full", "color": "#E7664C"},
        "categoryAxes": [{
            "id": "CategoryAxis-1", "type": "category", "position": "bottom", "show": True, "style": {},
            "scale": {"type": "linear"}, "labels": {"show": True, "filter": True, "truncate": 100}, "title": {}}],
        "valueAxes": [{
            "id": "ValueAxis-1", "name": "LeftAxis-1", "type": "value", "position": "left", "show": True, "style": {},
            "scale": {"type": "linear", "mode": mode},
            "labels": {"show": True, "rotate": 0, "filter": False, "truncate": 100}, "title": {"text": panel["axis"]}}],
        "seriesParams": [{
            "show": True, "type": kind, "mode": series, "data": {"id": agg["id"], "label": agg["params"]["customLabel"]},
            "valueAxis": "ValueAxis-1", "drawLinesBetweenPoints": True, "lineWidth": 2, "showCircles": True,
            "interpolate": "linear"} for agg in aggs if agg["schema"] == "metric"]}


LOSS = {
    "name": "loss-and-health", "title": "loss and health", "from": "now-24h",
    "description": "What is in the indices, who has fallen silent, and which documents are not as they should be.",
    "rows": [
        row(7, markdown(
            "about", "What this can show",
            "**From the documents in the indices alone.** An event that waits in the ring, was refused, is a dead letter or is parked is in no "
            "index: those counts stand on each agent's admin page (`/v1/status`, `/metrics`), and `sheepshipper verify --day` compares a day's "
            "index with what was delivered into it, id by id. A team whose latest call lies far back has stopped calling, or its events do not "
            "arrive.")),
        row(8,
            panel("documents", "Calls", "metric", 12, [count()]),
            panel("requests", "Requests", "metric", 12, [distinct("request_id", "Different request ids")]),
            panel("failures", "Failed", "metric", 12, [count("Failed calls")], "outcome:failure"),
            panel("unknown-cost", "Without a price", "metric", 12, [count("Calls without a price")],
                  "cost.status:unpriced")),
        row(14,
            panel("rate", "Calls by outcome", "histogram", 24,
                  [count(), over_time(), in_colours("outcome", "Outcome")], axis="Calls"),
            panel("rate-by-environment", "Calls by environment", "line", 24,
                  [count(), over_time(), in_colours("environment", "Environment")], axis="Calls")),
        row(16,
            panel("silent", "Who has fallen silent", "table", 24,
                  [latest("@timestamp", "Latest call"), count(), by("team_id", "Team", 50, order="2"),
                   by("environment", "Environment", 10, order="2")]),
            panel("faults", "Documents that are not as they should be", "table", 24, [count(), cases([
                ("time too far away: in the index of its arrival", "time_clamped:true"),
                ("no time of its own: that of arrival", "timestamp_source:arrival"),
                ("repaired to be read", "repaired:true"),
                ("too large: extra and error text left out", "oversized:true"),
                ("token sum is not that of the sender", "usage.total_mismatch:true"),
                ("more tokens cached than there were", "cost.remainder_clamped:true"),
                ("no price for the model", "cost.status:unpriced"),
                ("no token counts", "cost.status:no_usage"),
                ("stream without its end", "outcome:truncated"),
                ("no team", "NOT _exists_:team_id"),
                ("no model", "NOT _exists_:model")])])),
        row(14,
            panel("unpriced", "Models without a price", "table", 24,
                  [count(), total("token_count", "Tokens"), by("model_raw", "Model as sent", 50),
                   by("provider", "Provider", 10)],
                  "cost.status:unpriced"),
            panel("claimed", "Teams that were named without proof", "table", 24,
                  [count(), known(by("team_id_claimed", "Claimed team", 50)), by("team_id", "Team", 10)])),
    ]}

COST = {
    "name": "cost", "title": "cost", "from": "now-30d",
    "description": "What calls cost in US dollars, by model, team and environment. Calls without a price are in no sum.",
    "rows": [
        row(8,
            panel("total", "Cost", "metric", 12, [total("cost_usd", "US dollars")]),
            panel("mean", "Cost of a call", "metric", 12, [mean("cost_usd", "US dollars, mean")]),
            panel("saved", "Saved by the relay's cache", "metric", 12, [total("saved_cache_cost", "US dollars saved")]),
            panel("unpriced", "Not in these sums", "metric", 12, [count("Calls without a price")],
                  "NOT _exists_:cost_usd")),
        row(14,
            panel("by-model", "Cost by model", "histogram", 24,
                  [total("cost_usd", "US dollars"), over_time(), in_colours("model", "Model")], axis="US dollars"),
            panel("by-team", "Cost by team", "histogram", 24,
                  [total("cost_usd", "US dollars"), over_time(), in_colours("team_id", "Team")], axis="US dollars")),
        row(12,
            panel("teams", "Share of each team", "pie", 16, [total("cost_usd", "US dollars"), along("team_id", "Team")]),
            panel("environments", "Share of each environment", "pie", 16,
                  [total("cost_usd", "US dollars"), along("environment", "Environment")]),
            panel("providers", "Share of each provider", "pie", 16,
                  [total("cost_usd", "US dollars"), along("provider", "Provider")])),
        row(16,
            panel("team-and-model", "Team and model", "table", 24,
                  [total("cost_usd", "US dollars"), count(), total("token_count", "Tokens"), by("team_id", "Team", 50),
                   by("model", "Model", 20)]),
            panel("parts", "Input, output and cached input", "area", 24,
                  [total("cost.input_usd", "Input"), total("cost.output_usd", "Output"),
                   total("cost.cached_usd", "Cached input"), over_time()], axis="US dollars")),
        row(12,
            panel("status", "How the cost is known", "table", 16,
                  [count(), total("cost_usd", "US dollars"), by("cost.status", "Status")]),
            panel("features", "Feature", "table", 16,
                  [total("cost_usd", "US dollars"), count(), by("feature", "Feature", 50)]),
            panel("drift", "Against the sender's own figure", "table", 16,
                  [total("cost.reported_usd", "Reported"), total("cost.drift_usd", "Reported minus ours"), count(),
                   by("model", "Model", 20)], "_exists_:cost.reported_usd")),
    ]}

LATENCY = {
    "name": "latency-and-errors", "title": "latency and errors", "from": "now-24h",
    "description": "How long calls take by model, what fails, and where. Latencies in milliseconds.",
    "rows": [
        row(8,
            panel("percentiles", "Latency", "metric", 24, [percentiles("latency_ms", [50, 95, 99], "ms")]),
            panel("failed", "Failed", "metric", 12, [count("Failed calls")], "outcome:failure"),
            panel("truncated", "Streams cut short", "metric", 12, [count("Streams without an end")], "outcome:truncated")),
        row(14,
            panel("over-time", "Latency", "line", 24,
                  [percentiles("latency_ms", [50, 95, 99], "ms"), over_time()], axis="ms"),
            panel("p95-by-model", "95 of 100 calls of a model are faster", "line", 24,
                  [percentiles("latency_ms", [95], "ms"), over_time(),
                   in_colours("model", "Model", order="1.95")], axis="ms")),
        row(16,
            panel("models", "Latency by model", "table", 24,
                  [count(), percentiles("latency_ms", [50, 95, 99], "ms"), mean("latency_ms", "Mean"),
                   by("model", "Model", 50)]),
            panel("first-token", "Time to the first token of streams", "table", 24,
                  [count("Streams"), percentiles("ttft_ms", [50, 95, 99], "ms"), by("model", "Model", 50)],
                  "_exists_:ttft_ms")),
        row(14,
            panel("failures", "Failures by type", "histogram", 24,
                  [count("Failed calls"), over_time(), in_colours("error.type", "Error")], "outcome:failure", axis="Calls"),
            panel("outcome-by-model", "Outcome by model, in percent", "histogram", 24,
                  [count(), along("model", "Model"), in_colours("outcome", "Outcome")], axis="Share", share=True)),
        row(16,
            panel("errors", "Errors by provider", "table", 24,
                  [count(), by("error.type", "Error", 50), by("provider", "Provider", 20),
                   by("error.code", "Code", 20)], "outcome:failure"),
            panel("overhead", "What the relay itself takes", "line", 24,
                  [percentiles("relay_overhead_ms", [50, 95, 99], "ms"), over_time()], "_exists_:relay_overhead_ms",
                  axis="ms")),
        row(12,
            panel("fallbacks", "Fallbacks by model", "histogram", 16,
                  [count("Fallbacks"), over_time(), in_colours("model", "Model")], "fallback:true", axis="Calls"),
            panel("attempts", "Tries of a request", "table", 16, [count(), known(by("attempt", "Try", 20))]),
            panel("circuits", "Circuit breakers", "histogram", 16,
                  [count(), over_time(), known(in_colours("circuit_state", "State"))], "_exists_:circuit_state",
                  axis="Calls")),
    ]}

TOKENS = {
    "name": "tokens", "title": "tokens", "from": "now-7d",
    "description": "Input, output, cached and reasoning tokens, by model and team, and the hours of the most.",
    "rows": [
        row(8,
            panel("total", "Tokens", "metric", 12, [total("token_count", "Tokens")]),
            panel("mean", "Tokens of a call", "metric", 12, [mean("token_count", "Tokens, mean")]),
            panel("kinds", "Input and output", "metric", 24,
                  [total("usage.prompt_tokens", "Input"), total("usage.cached_tokens", "Of it cached"),
                   total("usage.completion_tokens", "Output"), total("usage.reasoning_tokens", "Of it reasoning")])),
        row(14,
            panel("by-model", "Tokens by model", "histogram", 24,
                  [total("token_count", "Tokens"), over_time(), in_colours("model", "Model")], axis="Tokens"),
            panel("by-kind", "Input, output and cached input", "area", 24,
                  [total("usage.prompt_tokens", "Input"), total("usage.completion_tokens", "Output"),
                   total("usage.cached_tokens", "Cached input"), over_time()], axis="Tokens")),
        row(14,
            panel("hours", "Tokens by hour", "histogram", 24, [total("token_count", "Tokens"), over_time("h")], axis="Tokens"),
            panel("mean-by-model", "Tokens of a call, by model", "histogram", 24,
                  [mean("usage.prompt_tokens", "Input, mean"), mean("usage.completion_tokens", "Output, mean"),
                   along("model", "Model")], axis="Tokens")),
        row(16,
            panel("teams", "Team and model", "table", 24,
                  [total("token_count", "Tokens"), total("usage.prompt_tokens", "Input"),
                   total("usage.completion_tokens", "Output"), mean("token_count", "Mean of a call"), count(),
                   by("team_id", "Team", 50), by("model", "Model", 20)]),
            panel("context", "Size of the input, by model", "table", 24,
                  [count(), percentiles("usage.prompt_tokens", [50, 95, 99], "Input tokens"),
                   by("model", "Model", 50)])),
        row(12,
            panel("cached", "Cached input, by provider", "histogram", 24,
                  [total("usage.prompt_tokens", "Input"), total("usage.cached_tokens", "Of it cached"),
                   along("provider", "Provider")], axis="Tokens"),
            panel("finish", "Why answers ended", "pie", 24, [count(), known(along("finish_reason", "Reason"))])),
    ]}

BOARDS = [LOSS, COST, LATENCY, TOKENS]
