-- migrate:up
create trigger t after insert on a begin select case when 1 then 2 end; end;
create function f() returns int begin atomic select 1; end;
select [a;b], `c;d`, $1;
-- migrate:down
-- migrate:up
-- migrate:down
rollback to a; commit;
