import{c as i}from"./main-KXWMWGGS.js";import{a}from"./main-step-SMMD74XK.js";await a(i,async(o,r)=>(await import("./deploy-SWWPQVDM.js")).deployService(o,r));
