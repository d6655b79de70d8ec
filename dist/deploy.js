import{a as o}from"./deploy-AMUWJX2R.js";import{a as i}from"./main-step-A33PCZX4.js";await i(o,async(r,t)=>(await import("./deploy-WTTTXYHL.js")).deployServices(r,t));
