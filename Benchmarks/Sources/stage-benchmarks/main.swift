import LogPipeline

// CPU time of each stage on the demo's events. `stage-benchmarks NAME` runs the stages whose name contains NAME.

let wanted = CommandLine.arguments.dropFirst().first ?? ""
let load = try Load()
StandardStreams.write(
  "\(load.eventCount) events of \(load.lineBytes / load.eventCount) bytes on average\n")
StandardStreams.write(Measurement.header)
for stage in Stages(load).all where wanted.isEmpty || stage.name.contains(wanted) {
  StandardStreams.write(try stage.measure().line)
}
