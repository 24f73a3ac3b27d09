extension EventProcessor: FrameProcessing {}
