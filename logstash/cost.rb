# For the ruby filter of pipeline.conf: the cost of a document by the line of prices.yml that was found for its model.
#
# Exact as the program's: whole numbers of 1e-12 US dollars, made a fraction once. What the dictionary can not price has no cost: not 0, and no default.

PARTS = [:model, :family, :book, :input, :output, :cached, :cached_borrowed, :largest_input, :first_day, :date].freeze

def register(_params)
end

def filter(event)
  price = event.get("[@metadata][price]")
  price = price && PARTS.zip(price.split("|", -1)).to_h
  event.set("model", price ? price[:model] : event.get("[@metadata][model]")) if event.get("[@metadata][model]")
  event.set("model_family", price[:family]) if price
  event.set("[cost][basis]", "split")
  input, output = event.get("[usage][prompt_tokens]"), event.get("[usage][completion_tokens]")
  status = status(event, price, input, output)
  event.set("[cost][status]", status)
  event.set("cost_usd", 0.0) if status == "cache_hit"
  price(event, price, input, output) if status == "priced"
  [event]
end

def status(event, price, input, output)
  return "cache_hit" if event.get("cache_hit") == true
  return "no_usage" if event.get("token_count").nil?
  return "unpriced" if price.nil? || price[:input].empty? || input.nil? || output.nil? || event.get("[@metadata][special]")
  return "unpriced" if !price[:largest_input].empty? && input > price[:largest_input].to_i
  return "unpriced" if !price[:first_day].empty? && event.get("@timestamp").to_s[0, 10] < price[:first_day]
  "priced"
end

def price(event, price, input, output)
  cached = event.get("[usage][cached_tokens]") || 0
  event.set("[cost][remainder_clamped]", true) if cached > input
  fresh = [input - cached, 0].max
  parts = { "input_usd" => fresh * micro(price[:input]), "output_usd" => output * micro(price[:output]),
            "cached_usd" => cached * micro(price[:cached]) }
  event.set("[cost][book]", price[:book])
  event.set("[cost][price_version]", price[:date])
  event.set("[cost][partly_direct]", true) if cached > 0 && !price[:cached_borrowed].empty?
  event.set("[cost][input_per_mtok]", price[:input].to_f)
  event.set("[cost][output_per_mtok]", price[:output].to_f)
  parts.each { |field, pico| event.set("[cost][#{field}]", pico / 1e12) }
  event.set("cost_usd", parts.values.sum / 1e12)
end

# "2.5" US dollars per million tokens as whole micro-dollars.
def micro(text)
  (text.to_r * 1_000_000).to_i
end
