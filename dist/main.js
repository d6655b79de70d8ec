import{c as i}from"./main-BMJMMOVT.js";import{a}from"./main-step-SNZNJL7F.js";await a(i,async(o,r)=>(await import("./deploy-JDEJNNHS.js")).deployService(o,r));
