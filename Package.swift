// swift-tools-version: 6.3
import PackageDescription

// What every Swift target is built with; see docs/decisions/0001.
let houseSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func system(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
  name: "SheepShipper",
  products: [
    .executable(name: "sheepshipper", targets: ["SheepShipper"]),
    .library(name: "LogPipeline", targets: ["LogPipeline"]),
  ],
  targets: [
    system("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    system("CMicrohttpd", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
    system("CGnutls", pkgConfig: "gnutls", apt: "libgnutls28-dev"),
    system("CXxhash", pkgConfig: "libxxhash", apt: "libxxhash-dev"),
    // Debian's package has no file for pkg-config.
    system("CWslay", apt: "libwslay-dev"),
    system("CYaml", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    .target(
      name: "CSimdjson", path: "Sources/CLibraries/CSimdjson",
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
    .target(name: "CLinux", path: "Sources/CLibraries/CLinux"),
    .target(name: "CIsal", path: "Sources/CLibraries/CIsal"),
    .target(name: "CResources", path: "Sources/CLibraries/CResources", exclude: ["data"]),
    .target(
      name: "LogPipeline",
      dependencies: [
        "CCurl", "CZlib", "CMicrohttpd", "CGnutls", "CXxhash", "CYaml", "CWslay", "CSimdjson",
        "CLinux", "CIsal", "CResources",
      ],
      swiftSettings: houseSettings),
    .executableTarget(
      name: "SheepShipper", dependencies: ["LogPipeline"], swiftSettings: houseSettings),
    .testTarget(
      name: "LogPipelineTests",
      dependencies: ["LogPipeline", "CSimdjson", "RingSimulation", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: houseSettings),
    .target(
      name: "RingSimulation", dependencies: ["LogPipeline"],
      path: "Simulation/Sources/RingSimulation", swiftSettings: houseSettings),
    .target(
      name: "TestSupport", dependencies: ["LogPipeline", "CTestTls", "CZlib"],
      path: "Tests/TestSupport", swiftSettings: houseSettings),
    .target(
      name: "CTestTls", path: "Tests/CTestTls", linkerSettings: [.linkedLibrary("gnutls")]),
    .testTarget(
      name: "SheepShipperTests", dependencies: ["LogPipeline", "SheepShipper", "TestSupport"],
      exclude: ["Shim"],
      swiftSettings: houseSettings),
  ],
  cxxLanguageStandard: .cxx17
)
