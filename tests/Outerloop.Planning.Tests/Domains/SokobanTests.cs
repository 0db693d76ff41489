using FsCheck.Xunit;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Domains;

public sealed class SokobanTests
{
    private static readonly Sokoban World = new();

    [Property(MaxTest = 200)]
    public void A_room_is_connected_and_as_large_as_asked(int seed)
    {
        var random = new Random(seed);
        var (rows, columns) = (random.Next(3, 14), random.Next(3, 14));

        var room = SokobanRoom.Draw(rows, columns, random);

        Assert.Equal((rows, columns), (room.Rows, room.Columns));
        Assert.Equal(room.Floor, room.Reachable(room.Floor[0], _ => false).Order());
        Assert.InRange(room.Floor.Length, rows * columns * 0.6, (rows * columns) - 1);
    }

    [Property(MaxTest = 200)]
    public void A_step_and_its_opposite_lead_back(int seed)
    {
        var room = SokobanRoom.Draw(5, 7, new Random(seed));

        var steps = from cell in room.Floor
                    from direction in SokobanRoom.Directions
                    let next = room.Next(cell, direction)
                    where next != SokobanRoom.Wall
                    select (cell, back: room.Next(next, SokobanRoom.Opposite(direction)));
        Assert.All(steps, step => Assert.Equal(step.cell, step.back));
    }

    [Property(MaxTest = 300)]
    public void Every_box_must_be_pushed(int seed)
    {
        var task = Sokoban.DrawTask(World.PoolSizes, new Random(seed));

        Assert.InRange(task.Boxes.Length, 1, 3);
        Assert.InRange(task.Room.Rows, 4, 8);
        Assert.InRange(task.Room.Columns, 4, 8);
        Assert.DoesNotContain(task.Boxes.Zip(task.Goals), pair => pair.First == pair.Second);
        Assert.Equal(Enumerable.Range(0, task.Boxes.Length), task.Steps.Select(step => step.Box).Where(box => box >= 0).Distinct().Order());
    }

    [Property(MaxTest = 200)]
    public void Things_do_not_stand_on_each_other(int seed)
    {
        var task = Sokoban.DrawTask(World.LargerSizes, new Random(seed));

        Assert.Equal(task.Boxes.Length + 1, task.Boxes.Add(task.Robot).Distinct().Count());
        Assert.Equal(task.Goals.Length, task.Goals.Distinct().Count());
        Assert.All(task.Boxes.Concat(task.Goals).Append(task.Robot), cell => Assert.Contains(cell, task.Room.Floor));
    }

    [Property(MaxTest = 100)]
    public void Names_of_cells_say_what_lies_next_to_what(int seed)
    {
        var problem = Read(World.PoolSizes, seed);

        Assert.All(problem.Init.Where(fact => fact.Predicate.Name == "adjacent"), fact =>
        {
            var ((row, column), (nextRow, nextColumn)) = (Place(fact.Arguments[0]), Place(fact.Arguments[1]));
            var way = (nextRow - row, nextColumn - column) switch
            {
                (-1, 0) => "up",
                (1, 0) => "down",
                (0, -1) => "left",
                (0, 1) => "right",
                _ => "nowhere",
            };
            Assert.Equal(way, fact.Arguments[2].Name);
        });
    }

    [Property(MaxTest = 100)]
    public void All_floor_without_a_box_is_clear_the_cell_of_the_robot_too(int seed)
    {
        var problem = Read(World.PoolSizes, seed);
        var facts = problem.Init.ToLookup(fact => fact.Predicate.Name, fact => fact.Arguments[^1].Name);

        Assert.Contains(Assert.Single(facts["at-robot"]), facts["clear"]);
        Assert.Equal(
            problem.Objects.Where(thing => thing.Type.ToString() == "location").Select(thing => thing.Name).Order(),
            facts["clear"].Concat(facts["at"]).Order());
    }

    [Fact]
    public void Rooms_lie_anywhere_on_the_board()
    {
        var corners = Enumerable.Range(0, 200)
            .Select(seed => Read(World.PoolSizes, seed).Objects.Where(thing => thing.Name.StartsWith("loc", StringComparison.Ordinal)).Select(Place).Min())
            .Distinct();

        Assert.InRange(corners.Count(), 25, 144);
    }

    [Fact]
    public void A_tenth_of_many_boxes_may_stay_no_more()
    {
        var task = Sokoban.DrawTask(World.SizesOf(Difficulty.Hard).With("boxes", 80, 80), new Random(1));

        Assert.InRange(task.Boxes.Zip(task.Goals).Count(pair => pair.First == pair.Second), 0, 8);
    }

    [Fact]
    public void More_boxes_than_find_room_are_refused()
    {
        var refusal = Assert.Throws<ImpossibleSizesException>(
            () => World.GenerateProblem("p", World.PoolSizes.With("grid", 4, 4).With("boxes", 15, 15), new Random(0)));

        Assert.Contains("15 boxes find no room on a grid of 4 x 4", refusal.Message, StringComparison.Ordinal);
    }

    private static (int Row, int Column) Place(PddlObject cell)
    {
        var parts = cell.Name.Split('_');
        return (int.Parse(parts[1]), int.Parse(parts[2]));
    }

    private static Problem Read(SizeRanges sizes, int seed) =>
        Samples.ReadProblem(World.GenerateProblem("p", sizes, new Random(seed)), World.Domain).Required();
}
