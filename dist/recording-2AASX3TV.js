var e={falseAlarmRate:.01,warmUp:3,metricDelay:2,latencyMargin:1.2,errorTolerance:.01,maxErrorRate:.05,dispersion:1};export{e as a};
