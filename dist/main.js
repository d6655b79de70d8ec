import{a}from"./main-step-ZOPT7F2Q.js";import{c as i}from"./main-KIKHQLUF.js";await a(i,async(o,r)=>(await import("./deploy-WDVRYR4S.js")).deployService(o,r));
