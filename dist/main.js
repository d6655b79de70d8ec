import{c as i}from"./main-CM26AX3U.js";import{a}from"./main-step-HBKKFHRD.js";await a(i,async(o,r)=>(await import("./deploy-2VCLQI42.js")).deployService(o,r));
