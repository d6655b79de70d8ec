import{d as e,i as m,j as r,k as o}from"./client-ecr-WZFZLK2N.js";var s=class extends m(r,o,"DescribeImages",e){};export{s as a};
