import LogPipeline

Environment.ignoreBrokenPipes()
StandardStreams.write("sheepshipper\n")
