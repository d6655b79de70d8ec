import{c as i}from"./main-BMJMMOVT.js";import{a}from"./main-step-SNZNJL7F.js";await a(i,async(o,r)=>(await import("./deploy-2H57NUAS.js")).deployService(o,r));
