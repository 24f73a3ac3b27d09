# What Logstash does with logstash/relay.rb, prices.yml and cost.rb, for a test: events in as lines, documents out as lines.
require "json"
require "time"
require "yaml"

class Event
  def initialize(hash)
    @hash = hash
    @metadata = {}
  end

  def get(path)
    keys(path).reduce(top(path)) { |value, key| value.is_a?(Hash) ? value[key] : nil }
  end

  def set(path, value)
    *parents, last = keys(path)
    parents.reduce(top(path)) { |inner, key| inner[key] ||= {} }[last] = value
  end

  def remove(path) = @hash.delete(keys(path).first)
  def to_hash = @hash.dup

  private

  def keys(path)
    found = path.start_with?("[") ? path[1..-2].split("][") : [path]
    found.first == "@metadata" ? found.drop(1) : found
  end

  def top(path) = path.start_with?("[@metadata]") ? @metadata : @hash
end

def script(path)
  Object.new.tap { |holder| holder.singleton_class.class_eval(File.read(path), path) }
end

folder = ARGV.fetch(0)
relay, cost = %w[relay cost].map { |name| script("#{folder}/#{name}.rb") }
prices = YAML.load_file("#{folder}/prices.yml")
[relay, cost].each { |holder| holder.register({}) }
$stdin.each_line do |line|
  event = Event.new(JSON.parse(line).merge("@timestamp" => "arrival", "@version" => "1", "host" => "h", "port" => 1))
  relay.filter(event)
  if (time = event.get("[@metadata][time]"))
    moment = time.match?(/\A[\d.]+\z/) ? Time.at(time.to_r) : Time.parse(time.match?(/(Z|[+-]\d\d:?\d\d)\z/) ? time : "#{time}Z")
    event.set("@timestamp", moment.utc.iso8601(3))
  end
  price = prices[event.get("[@metadata][model]")]
  event.set("[@metadata][price]", price) if price
  cost.filter(event)
  puts JSON.generate(event.to_hash.merge("_id" => event.get("[@metadata][id]")))
end
