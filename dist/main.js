import{c as i}from"./main-CM26AX3U.js";import{a}from"./main-step-A64JNPQ5.js";await a(i,async(o,r)=>(await import("./deploy-DWQCZPPO.js")).deployService(o,r));
