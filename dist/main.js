import{c as i}from"./main-PGOHBUMR.js";import{a}from"./main-step-D3IDXAYO.js";await a(i,async(o,r)=>(await import("./deploy-I4ZMTYRN.js")).deployService(o,r));
