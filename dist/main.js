import{c as i}from"./main-PIU47BEX.js";import{a}from"./main-step-ZRJPJ53S.js";await a(i,async(o,r)=>(await import("./deploy-7ODV2JIL.js")).deployService(o,r));
