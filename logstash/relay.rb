# For the ruby filter of pipeline.conf: an event of the relay becomes the document of docs/events.md, as far as Logstash can make it.
#
# Only what is listed here gets into the document, under the names and types of the index template; all else is left out, so that no prompt, answer
# or error text is stored by a new key. The first of several paths that holds something wins. A test holds these lists against the program's own.

require "digest"
require "json"

NAMES = {
  "request_type" => ["request_type"],
  "team_id" => ["team_id", "team", "metadata.team_id", "metadata.team", "department", "metadata.department"],
  "team_id_claimed" => ["team_id_claimed", "headers.X-Team-ID", "metadata.headers.X-Team-ID"],
  "environment" => ["headers.X-Environment", "metadata.headers.X-Environment", "environment", "metadata.environment"],
  "provider" => ["provider", "metadata.provider"],
  "model_raw" => ["model_used", "model", "metadata.model", "request.model", "response.model"],
  "endpoint" => ["endpoint", "_meta.endpoint", "metadata.endpoint"],
  "feature" => ["feature", "metadata.feature"],
  "cohort" => ["cohort", "metadata.cohort"],
  "task_type" => ["task_type", "metadata.task_type"],
  "finish_reason" => ["finish_reason", "response.finish_reason"],
  "circuit_state" => ["circuit_state"],
  "error.type" => ["error_type", "error_class", "error.type", "error.error.type"],
  "error.code" => ["error_code", "error.code", "error.error.code"],
  "event_id" => ["event_id", "id", "audit_id"],
  "audit_id" => ["audit_id"],
  "request_id" => ["request_id", "metadata.request_id"],
  "response_id" => ["response.id", "response_id"],
  "trace_id" => ["trace_id"],
  "session_id" => ["session_id", "metadata.session_id"],
  "request_hash" => ["request_hash"],
  "response_hash" => ["response_hash"],
  "user_id" => ["user_id", "metadata.user_id", "end_user", "user"]
}.freeze

# Token counts also stand within these.
USAGE = ["", "usage.", "response.usage."].freeze
COUNTS = {
  "usage.prompt_tokens" => ["prompt_tokens"],
  "usage.completion_tokens" => ["completion_tokens", "generated_tokens", "output_tokens"],
  "usage.total_tokens" => ["total_tokens"],
  "usage.cached_tokens" => ["cached_tokens", "prompt_tokens_details.cached_tokens"],
  "usage.reasoning_tokens" => ["reasoning_tokens", "completion_tokens_details.reasoning_tokens"]
}.freeze

INTEGERS = {
  "status_code" => ["status_code", "http_status", "response.status_code"],
  "attempt" => ["attempt", "metadata.attempt"],
  "request.max_tokens" => ["request.max_tokens", "max_tokens"]
}.freeze

DOUBLES = {
  "latency_ms" => ["latency_ms", "timing.total_ms", "metadata.latency_ms"],
  "ttft_ms" => ["ttft_ms", "timing.ttft_ms"],
  "relay_overhead_ms" => ["relay_overhead_ms"],
  "request.temperature" => ["request.temperature", "temperature"]
}.freeze

FLAGS = {
  "stream" => ["stream", "request.stream"],
  "stream_complete" => ["stream_complete"],
  "fallback" => ["fallback"],
  "cache_hit" => ["cache_hit"]
}.freeze

TIMES = ["event_timestamp", "timestamp", "time", "metadata.timestamp", "created"].freeze

# A service tier, a region and tokens written to a cache have rates that the dictionary does not hold: such a call gets no cost here.
TIERS = ["service_tier", "response.service_tier", "usage.service_tier", "response.usage.service_tier"].freeze
PLAIN_TIERS = ["standard", "default", "auto"].freeze
REGIONS = ["inference_geo", "usage.inference_geo", "response.usage.inference_geo", "data_residency"].freeze
WRITES = ["cache_creation_input_tokens", "cache_write_tokens", "prompt_tokens_details.cache_write_tokens",
          "prompt_tokens_details.cache_creation_tokens"].freeze

# What Logstash adds, or the codec: no part of what was sent.
ADDED = ["@timestamp", "@version", "host", "port", "event"].freeze

def register(_params)
end

def filter(event)
  sent = event.to_hash.reject { |key, _| ADDED.include?(key) }
  event.set("[@metadata][id]", Digest::SHA256.hexdigest(JSON.generate(sorted(sent)))[0, 32])
  document = {}
  NAMES.each { |field, paths| put(document, field, paths.lazy.map { |path| name(at(sent, path)) }.find { |value| value }) }
  INTEGERS.each { |field, paths| put(document, field, paths.lazy.map { |path| integer(at(sent, path)) }.find { |value| value }) }
  DOUBLES.each { |field, paths| put(document, field, paths.lazy.map { |path| double(at(sent, path)) }.find { |value| value }) }
  FLAGS.each { |field, paths| put(document, field, paths.lazy.map { |path| flag(at(sent, path)) }.find { |value| !value.nil? }) }
  document["schema_version"] = "1"
  document["finish_reason"] = "stop" if document["finish_reason"].to_s.casecmp?("eos")
  document["outcome"] = outcome(sent, document)
  document.delete_if { |field, _| field.start_with?("error.") } if document["outcome"] != "failure"
  put(document, "error.type", "transport") if document["status_code"] == 0 && document["error.type"].nil?
  usage(sent, document)
  time = TIMES.lazy.map { |path| at(sent, path) }.find { |value| value }
  event.set("[@metadata][time]", time.to_s) if time
  document["timestamp_source"] = "arrival" unless time
  event.set("[@metadata][model]", document["model_raw"].downcase.split.join("-")) if document["model_raw"]

  event.set("[@metadata][special]", true) if special?(sent)

  event.to_hash.each_key { |key| event.remove("[#{key}]") unless key == "@timestamp" }
  document.each { |field, value| event.set("[" + field.split(".").join("][") + "]", value) unless value.nil? }
  [event]
end

def special?(sent)
  tier = TIERS.lazy.map { |path| name(at(sent, path)) }.find { |value| value }
  region = REGIONS.lazy.map { |path| name(at(sent, path)) }.find { |value| value }
  writes = USAGE.flat_map { |place| WRITES.map { |path| integer(at(sent, place + path)) } }.compact
  (tier && !PLAIN_TIERS.include?(tier.downcase)) || (region && !region.casecmp?("global")) || writes.any?(&:positive?)
end

def put(document, field, value)
  document[field] = value unless value.nil?
end

def at(sent, path)
  path.split(".").reduce(sent) { |value, key| value.is_a?(Hash) ? value[key] : nil }
end

def name(value)
  text = case value
         when String then value.strip
         when Integer then value.to_s
         end
  text unless text.nil? || ["", "none", "null"].include?(text.downcase)
end

# "150", 150.0 and 150 are one number; what is none is left out, not 0.
def integer(value)
  case value
  when Integer then value if value.between?(0, 1 << 53)
  when Float then value.to_i if value == value.floor && value.between?(0, 1 << 53)
  when String then value.strip.match?(/\A\d+(\.0+)?\z/) ? integer(value.to_i) : nil
  end
end

def double(value)
  case value
  when Integer, Float then value.to_f if value >= 0
  when String then value.strip.match?(/\A\d+(\.\d+)?\z/) ? value.to_f : nil
  end
end

def flag(value)
  case value
  when true, false then value
  when String then { "true" => true, "false" => false }[value.strip.downcase]
  end
end

def outcome(sent, document)
  status = document["status_code"]
  success = flag(at(sent, "success"))
  text = [at(sent, "error_message"), at(sent, "error"), at(sent, "error.message")].find { |value| value.is_a?(String) && !value.strip.empty? }
  return "failure" if text || document["error.type"] || document["error.code"] || success == false
  return "failure" if status && (status == 0 || status >= 400)
  return "truncated" if document["stream_complete"] == false
  "success" if success || status
end

def usage(sent, document)
  counts = COUNTS.to_h do |field, names|
    paths = USAGE.flat_map { |place| names.map { |name| place + name } }
    [field, paths.lazy.map { |path| integer(at(sent, path)) }.find { |value| value }]
  end
  input, output, total = counts.values_at("usage.prompt_tokens", "usage.completion_tokens", "usage.total_tokens")
  none = [input, output, total].all? { |value| value.nil? || value == 0 }
  # A call that failed before it used anything says zero and means nothing.
  return if none && (document["outcome"] == "failure" || (input.nil? && total.nil?))
  input = 0 if input.nil? && total.nil?
  output = 0 if output.nil? && total.nil?
  counts["usage.prompt_tokens"], counts["usage.completion_tokens"] = input, output
  if input && output
    counts["usage.total_tokens"] = input + output
    document["usage.total_mismatch"] = true if total && total != input + output
  end
  counts.each { |field, value| document[field] = value unless value.nil? || (value == 0 && field.match?(/cached|reasoning/)) }
  put(document, "token_count", counts["usage.total_tokens"])
end

def sorted(value)
  case value
  when Hash then value.sort.to_h { |key, inner| [key, sorted(inner)] }
  when Array then value.map { |inner| sorted(inner) }
  else value
  end
end
