import LogPipeline

// CPU time of each stage on the demo's events. `stage-benchmarks NAME` runs the stages whose name contains NAME.

let wanted = CommandLine.arguments.dropFirst().first ?? ""
StandardStreams.write(Measurement.header)
for stage in try Stages().all where wanted.isEmpty || stage.name.contains(wanted) {
  StandardStreams.write(try stage.measure().line)
}
