import{a as o}from"./deploy-2TXGKLVD.js";import{a as i}from"./main-step-A64JNPQ5.js";await i(o,async(r,t)=>(await import("./deploy-DWQCZPPO.js")).deployServices(r,t));
